#pragma once

#include <optional>

#include "base/ip_address.hpp"
#include "cluster/bytes.hpp"
#include "signaling/event.hpp"
#include "signaling/peer_id.hpp"
#include "signaling/ticket.hpp"

// Parts that both messages and rooms are written with.
namespace heliograph::cluster {

void write(ByteWriter& to, const signaling::PeerId& peer);
void write(ByteWriter& to, const signaling::SharedAttachments& attachments);
void write(ByteWriter& to, const base::IpAddress& address);
void write(ByteWriter& to, const signaling::Place& place);
void write(ByteWriter& to, const signaling::SharedTickets& tickets);

signaling::PeerId read_peer(ByteReader& from);
signaling::SharedAttachments read_attachments(ByteReader& from);
base::IpAddress read_address(ByteReader& from);
signaling::Place read_place(ByteReader& from);
signaling::SharedTickets read_tickets(ByteReader& from);

}  // namespace heliograph::cluster
