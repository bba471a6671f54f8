#pragma once

#include <algorithm>
#include <cstddef>
#include <map>
#include <set>
#include <stdexcept>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "base/json.hpp"

namespace heliograph::signaling {

/// A rule that was broken, in words.
struct Violation : std::runtime_error {
  using std::runtime_error::runtime_error;
};

inline void require(bool holds, std::string_view otherwise) {
  if (!holds) throw Violation(std::string(otherwise));
}

/// An event as a client reads it. The text must outlive it.
class ReadEvent {
 public:
  explicit ReadEvent(std::string_view text) {
    require(outline_.parse(text, 64) == json::Status::kOk, "An event that is no JSON");
    require(outline_.elements().size() == 2, "An event that is not [name, fields]");
    name_ = unquoted(outline_.elements()[0].value);
  }

  std::string_view name() const { return name_; }
  bool has(std::string_view field) const { return find(field) != nullptr; }

  std::string text(std::string_view field) const {
    require(has(field), "An event that lacks a field: " + std::string(field));
    return std::string(unquoted(*find(field)));
  }

  std::size_t number(std::string_view field) const {
    const json::Value* value = find(field);
    const auto number = value ? json::decode_unsigned(*value) : std::nullopt;
    require(number.has_value(), "An event without its number");
    return *number;
  }

  std::vector<std::string> texts(std::string_view field) const {
    json::Outline list;
    require(has(field) && list.parse(find(field)->text, 64) == json::Status::kOk &&
                list.root() == json::Kind::kArray,
            "An event without its list");
    std::vector<std::string> texts;
    for (const json::Element& element : list.elements()) {
      texts.emplace_back(unquoted(element.value));
    }
    return texts;
  }

 private:
  const json::Value* find(std::string_view field) const {
    return outline_.find(outline_.elements()[1], field);
  }

  static std::string_view unquoted(const json::Value& value) {
    require(value.kind == json::Kind::kString, "No string where one should be");
    return value.text.substr(1, value.text.size() - 2);
  }

  json::Outline outline_;
  std::string_view name_;
};

/// For tests: a client's view of its rooms, from all that it was told. Throws Violation if it is
/// told what cannot be.
class ClientModel {
 public:
  enum class Standing { kOutside, kWaiting, kInside };

  struct View {
    Standing standing = Standing::kOutside;
    std::vector<std::string> members;  // in the order of their coming, this client among them
    std::set<std::string> owners;      // as far as they are known; always right about itself
    std::set<std::string> candidates;  // who asked this client, the owner, to be let in
    std::set<std::string> departed;
  };

  explicit ClientModel(std::string id) : id_(std::move(id)) {}

  const std::map<std::string, View>& rooms() const { return rooms_; }
  View& view(const std::string& room) { return rooms_[room]; }
  bool is_inside(const std::string& room) { return view(room).standing == Standing::kInside; }
  bool is_owner(const std::string& room) {
    return is_inside(room) && view(room).owners.contains(id_);
  }

  bool sees(const std::string& room, const std::string& peer) {
    const auto& members = view(room).members;
    return std::ranges::find(members, peer) != members.end();
  }

  std::size_t relations() const {
    return static_cast<std::size_t>(std::ranges::count_if(
        rooms_, [](const auto& room) { return room.second.standing != Standing::kOutside; }));
  }

  void created(const std::string& room) {
    require(view(room).standing == Standing::kOutside, "Who created a room was in it before");
    rooms_[room] = {.standing = Standing::kInside,
                    .members = {id_},
                    .owners = {id_},
                    .candidates = {},
                    .departed = {}};
  }

  void waits(const std::string& room) {
    require(!is_inside(room), "A member that waits at the door");
    view(room).standing = Standing::kWaiting;
  }

  /// `is_owner`: as who comes back with a ticket may be.
  void admitted(const std::string& room, std::vector<std::string> others, bool is_owner) {
    require(view(room).standing == Standing::kWaiting, "Let in without having asked");
    others.push_back(id_);
    const std::set<std::string> distinct(others.begin(), others.end());
    require(distinct.size() == others.size(), "Somebody is in a room twice");
    rooms_[room] = {.standing = Standing::kInside,
                    .members = std::move(others),
                    .owners = {},
                    .candidates = {},
                    .departed = {}};
    if (is_owner) rooms_[room].owners.insert(id_);
  }

  /// The answer to a request that came twice: the client knows it already.
  void admitted_again(const std::string& room, std::vector<std::string> others, bool is_owner) {
    require(is_inside(room), "Told again of a room of others");
    require(is_owner == this->is_owner(room), "Not the owner that it has been told of");
    others.push_back(id_);
    const std::vector<std::string>& known = view(room).members;
    require(std::ranges::is_permutation(others, known), "Not the members that it has been told of");
  }

  void turned_away(const std::string& room) {
    require(view(room).standing == Standing::kWaiting, "Turned away without having asked");
    view(room).standing = Standing::kOutside;
  }

  // By an owner, or by its own wish.
  void taken_out(const std::string& room) {
    require(view(room).standing != Standing::kOutside, "Taken out without having been in");
    view(room).standing = Standing::kOutside;
  }

  // An event that tells of another peer and the room alone; false if it is another one.
  bool hear_of(const std::string& peer, const std::string& room, const ReadEvent& read) {
    const std::string_view event = read.name();
    if (event == "room-join-request") {
      asked_by(room, peer);
    } else if (event == "room-join-cancel") {
      cancelled_by(room, peer);
    } else if (event == "room-user-join") {
      joined_by(room, peer, read.has("owner"));
    } else if (event == "room-user-leave") {
      left_by(room, peer);
    } else if (event == "room-owner-change") {
      owned_by(room, peer);
    } else {
      return false;
    }
    return true;
  }
  void asked_by(const std::string& room, const std::string& candidate) {
    require(is_owner(room), "Asked without being the owner");
    view(room).candidates.insert(candidate);
  }

  void cancelled_by(const std::string& room, const std::string& candidate) {
    require(is_owner(room), "Told of a candidate without being the owner");
    require(view(room).candidates.erase(candidate) == 1, "One who never asked has given up");
  }

  void joined_by(const std::string& room, const std::string& peer, bool is_owner) {
    require(!sees(room, peer), "Somebody came twice");
    View& view = inside(room);
    view.members.push_back(peer);
    view.departed.erase(peer);
    if (is_owner) view.owners.insert(peer);
  }

  void left_by(const std::string& room, const std::string& peer) {
    View& view = inside(room);
    require(std::erase(view.members, peer) == 1, "Somebody left who was not there");
    view.departed.insert(peer);
    view.owners.erase(peer);
  }

  void owned_by(const std::string& room, const std::string& peer) {
    View& view = inside(room);
    require(view.members.front() == peer, "The new owner is not the longest-present member");
    require(view.owners.empty(), "A new owner beside another one");
    view.owners = {peer};
  }

  void relayed_by(const std::string& room, const std::string& peer) {
    require(!inside(room).departed.contains(peer), "Heard of somebody after it had left");
  }

 private:
  View& inside(const std::string& room) {
    require(is_inside(room), "Somebody outside a room was told something of it");
    return view(room);
  }

  std::string id_;
  std::map<std::string, View> rooms_;
};

}  // namespace heliograph::signaling
