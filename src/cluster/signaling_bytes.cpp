#include "cluster/signaling_bytes.hpp"

#include <utility>

namespace heliograph::cluster {

void write(ByteWriter& to, const signaling::PeerId& peer) {
  to.number(peer.home.node).number(peer.home.worker).number(peer.slot).number(peer.nonce);
}

void write(ByteWriter& to, const signaling::SharedAttachments& attachments) {
  to.flag(attachments != nullptr);
  if (!attachments) return;
  to.number(static_cast<std::uint32_t>(attachments->size()));
  for (const std::string& attachment : *attachments) to.text(attachment);
}

signaling::PeerId read_peer(ByteReader& from) {
  signaling::PeerId peer;
  peer.home.node = from.number<std::uint32_t>();
  peer.home.worker = from.number<std::uint16_t>();
  peer.slot = from.number<std::uint32_t>();
  peer.nonce = from.number<std::uint64_t>();
  return peer;
}

signaling::SharedAttachments read_attachments(ByteReader& from) {
  if (!from.flag()) return nullptr;
  const auto count = from.number<std::uint32_t>();
  std::vector<std::string> attachments;
  for (std::uint32_t i = 0; i < count && from.is_good(); ++i) attachments.emplace_back(from.text());
  return std::make_shared<const std::vector<std::string>>(std::move(attachments));
}

void write(ByteWriter& to, const signaling::Place& place) {
  for (const unsigned char byte : place) to.number(static_cast<std::uint8_t>(byte));
}

signaling::Place read_place(ByteReader& from) {
  signaling::Place place{};
  for (unsigned char& byte : place) byte = from.number<std::uint8_t>();
  return place;
}

void write(ByteWriter& to, const signaling::SharedTickets& tickets) {
  to.flag(tickets != nullptr);
  if (!tickets) return;
  to.text(tickets->fresh);
  write(to, tickets->place);
  write(to, tickets->shown);
}

signaling::SharedTickets read_tickets(ByteReader& from) {
  if (!from.flag()) return nullptr;
  signaling::Tickets tickets;
  tickets.fresh = from.text();
  tickets.place = read_place(from);
  tickets.shown = read_place(from);
  return std::make_shared<const signaling::Tickets>(std::move(tickets));
}

void write(ByteWriter& to, const base::IpAddress& address) {
  for (const unsigned char byte : address.bytes) to.number(static_cast<std::uint8_t>(byte));
}

base::IpAddress read_address(ByteReader& from) {
  base::IpAddress address;
  for (unsigned char& byte : address.bytes) byte = from.number<std::uint8_t>();
  return address;
}

}  // namespace heliograph::cluster
