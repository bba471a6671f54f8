#include "signaling/event.hpp"

#include "base/json.hpp"

namespace heliograph::signaling {

std::string EventText::whole() const {
  std::string text;
  text.reserve(head.size() + body.size() + tail.size());
  return text.append(head).append(body).append(tail);
}

EventWriter::EventWriter(std::string& out, std::string_view name) : out_(out), first_(true) {
  out_ += "[\"";
  out_ += name;
  out_ += "\",{";
}

EventWriter::EventWriter(std::string& out) : out_(out), first_(false) { out_ += R"([{"ok":true)"; }

void EventWriter::key(std::string_view field) {
  if (!first_) out_ += ',';
  first_ = false;
  out_ += '"';
  out_ += field;
  out_ += "\":";
}

EventWriter& EventWriter::text(std::string_view field, std::string_view value) {
  key(field);
  json::append_string(out_, value);
  return *this;
}

EventWriter& EventWriter::optional_text(std::string_view field, std::string_view value) {
  return value.empty() ? *this : text(field, value);
}

EventWriter& EventWriter::id(std::string_view field, const PeerId& peer) {
  key(field);
  out_ += '"';
  out_ += PeerIdText(peer);
  out_ += '"';
  return *this;
}

EventWriter& EventWriter::raw(std::string_view field, Raw json) {
  key(field);
  out_ += json;
  return *this;
}

EventWriter& EventWriter::optional_raw(std::string_view field, Raw json) {
  return json.empty() ? *this : raw(field, json);
}

void EventWriter::end() { out_ += "}]"; }

std::string ok_arguments() { return R"([{"ok":true}])"; }

std::string ok_arguments(std::string_view field, std::string_view value) {
  std::string out;
  EventWriter::acknowledgement(out).text(field, value).end();
  return out;
}

std::string message_event(std::string_view name, const Refusal& refusal, Raw payload) {
  std::string out;
  EventWriter writer(out, name);
  writer.text("message", message_of(refusal));
  if (name == kJoinReject) writer.text("code", text(refusal.error).code);
  writer.optional_raw("payload", payload).end();
  return out;
}

std::string message_event(std::string_view name, Error error, Raw payload) {
  return message_event(name, Refusal{.error = error}, payload);
}

std::size_t bytes_of(const SharedAttachments& attachments) {
  std::size_t bytes = 0;
  if (attachments) {
    for (const std::string& attachment : *attachments) bytes += attachment.size();
  }
  return bytes;
}

}  // namespace heliograph::signaling
