void SeveEmulatorIsEmpty() {}
