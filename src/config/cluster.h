// Reads the profile of a cluster: cluster/*.textproto.
#pragma once

#include <string>

#include "config/cluster.pb.h"
#include "config/load.h"

namespace seve {

struct ClusterProfile {
  config::Cluster proto;
  SourceMap source;
  std::string path;
};

// Throws Error(kUsage) with file, line, column, field, near names and remedy.
ClusterProfile LoadCluster(const std::string& path);

// The same from text; `name` stands for the file in messages.
ClusterProfile ParseCluster(const std::string& text, const std::string& name);

}  // namespace seve
