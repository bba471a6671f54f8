#include "load/body.hpp"

#include "load/load_error.hpp"

namespace heliograph::load {
namespace {

constexpr std::size_t kSessionDescriptionSize = 2500;
constexpr std::size_t kIceCandidateSize = 220;
constexpr std::string_view kNoSequence = "0000000000";

std::string codec_lines(std::string_view type) {
  std::string lines = "a=rtpmap:";
  lines.append(type).append(R"( VP8/90000\r\na=rtcp-fb:)");
  lines.append(type).append(R"( nack pli\r\na=fmtp:)");
  return lines.append(type).append(R"( profile-id=0;level-asymmetry-allowed=1\r\n)");
}

// The lines of a browser's offer; `\r\n` is written as JSON writes it.
std::string session_description(std::size_t size) {
  std::string json = R"({"type":"offer","sdp":"v=0\r\no=- )";
  json.append(kNoSequence).append(R"( 2 IN IP4 127.0.0.1\r\ns=-\r\nt=0 0\r\n)");
  json.append(R"(a=group:BUNDLE 0 1\r\na=extmap-allow-mixed\r\na=msid-semantic: WMS\r\n)");
  json.append(R"(m=video 9 UDP/TLS/RTP/SAVPF 96 97 98 99 100 101 102 103\r\nc=IN IP4 0.0.0.0\r\n)");
  json.append(R"(a=ice-ufrag:Xb4q\r\na=ice-pwd:kP3u0c2Jd5Qm8ZrTg1vWxY7n\r\na=setup:actpass\r\n)");
  constexpr std::string_view kEnd = R"("})";
  constexpr std::string_view kFillStart = "a=x-fill:";
  for (int type = 96;; ++type) {
    const std::string lines = codec_lines(std::to_string(type));
    if (json.size() + lines.size() + kFillStart.size() + kEnd.size() > size) {
      break;
    }
    json.append(lines);
  }
  json.append(kFillStart);
  json.append(size - kEnd.size() - json.size(), 'a');
  return json.append(kEnd);
}

std::string ice_candidate(std::size_t size) {
  std::string json = R"({"sdpMLineIndex":0,"sdpMid":"0","candidate":"candidate:)";
  json.append(kNoSequence);
  json.append(" 1 udp 2122260223 192.168.178.23 62375 typ host generation 0 ufrag Xb4q ");
  json.append("network-id 1 network-cost 10 x-fill ");
  constexpr std::string_view kEnd = R"("})";
  json.append(size - kEnd.size() - json.size(), 'a');
  return json.append(kEnd);
}

}  // namespace

Body make_body(BodyKind kind) {
  const bool description = kind == BodyKind::kSessionDescription;
  Body body = description
                  ? Body{"session_description", "relay-session-description", "session-description",
                         session_description(kSessionDescriptionSize), 0}
                  : Body{"ice_candidate", "relay-ice-candidate", "ice-candidate",
                         ice_candidate(kIceCandidateSize), 0};
  body.sequence_at = body.json.find(kNoSequence);
  const std::size_t expected = description ? kSessionDescriptionSize : kIceCandidateSize;
  if (body.json.size() != expected || body.sequence_at == std::string::npos) {
    throw LoadError("a body of the wrong size was made");
  }
  return body;
}

void write_sequence(std::string& text, std::size_t at, std::uint32_t sequence) {
  for (std::size_t digit = kSequenceDigits; digit > 0; --digit) {
    text[at + digit - 1] = static_cast<char>('0' + sequence % 10);
    sequence /= 10;
  }
}

}  // namespace heliograph::load
