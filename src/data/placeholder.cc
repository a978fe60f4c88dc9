namespace seve {}
