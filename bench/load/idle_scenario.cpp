#include <array>
#include <chrono>
#include <cmath>
#include <span>

#include "load/crowd.hpp"
#include "load/event_loop.hpp"
#include "load/scenarios.hpp"

namespace heliograph::load {
namespace {

struct Point {
  double clients;
  double bytes;
};

struct Line {
  double slope;
  double start;
};

// Least squares.
Line fit(std::span<const Point> points) {
  double x = 0;
  double y = 0;
  for (const Point& point : points) {
    x += point.clients / static_cast<double>(points.size());
    y += point.bytes / static_cast<double>(points.size());
  }
  double covariance = 0;
  double variance = 0;
  for (const Point& point : points) {
    covariance += (point.clients - x) * (point.bytes - y);
    variance += (point.clients - x) * (point.clients - x);
  }
  const double slope = covariance / variance;
  return {slope, y - slope * x};
}

// The largest distance of a point from the line, as a part of what the clients use.
double bend(std::span<const Point> points, Line line) {
  double largest = 0;
  for (const Point& point : points) {
    const double expected = line.start + line.slope * point.clients;
    largest = std::max(largest, std::abs(point.bytes - expected) / (line.slope * point.clients));
  }
  return largest;
}

// So that a server that collects garbage or frees in the background has done so.
double settled_memory(EventLoop& loop, const Run& run) {
  const auto end = std::chrono::steady_clock::now() + run.window.warm_up;
  while (std::chrono::steady_clock::now() < end) {
    loop.turn(std::chrono::milliseconds(10));
  }
  return run.server.memory();
}

}  // namespace

Report run_idle_memory(const Run& run, IdleSizes sizes) {
  const std::size_t scale = sizes == IdleSizes::kFull ? 1000 : 100;
  EventLoop loop;
  Crowd crowd(loop, run.target);
  Report report;
  report.add("bytes_at_0", run.server.memory());
  std::array<Point, 3> points{{{5, 0}, {10, 0}, {19, 0}}};
  for (Point& point : points) {
    const std::size_t size = static_cast<std::size_t>(point.clients) * scale;
    crowd.grow_to(size);
    point = {static_cast<double>(size), settled_memory(loop, run)};
    report.add("bytes_at_" + std::to_string(size), point.bytes);
  }
  const Line line = fit(points);
  report.add("bytes_per_client", line.slope);
  report.add("bend", bend(points, line));
  return report;
}

}  // namespace heliograph::load
