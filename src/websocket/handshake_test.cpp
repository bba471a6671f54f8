#include "websocket/handshake.hpp"

#include <gtest/gtest.h>

namespace heliograph::websocket {
namespace {

// RFC 6455 §1.3.
TEST(Handshake, AcceptsAsTheStandardsExampleDoes) {
  EXPECT_EQ(accept_key("dGhlIHNhbXBsZSBub25jZQ=="), "s3pPLMBiTxaQ9kYGzzhZRbK+xOo=");
}

// RFC 6455 §4.2.2 hashes the key as it was sent, without decoding it.
TEST(Handshake, EveryKeyHasItsOwnAnswer) {
  EXPECT_NE(accept_key("AAAAAAAAAAAAAAAAAAAAAA=="), accept_key("AAAAAAAAAAAAAAAAAAAAAQ=="));
}

TEST(Handshake, AKeyIs16BytesInBase64) {
  EXPECT_TRUE(is_valid_key("dGhlIHNhbXBsZSBub25jZQ=="));
  EXPECT_TRUE(is_valid_key("AAAAAAAAAAAAAAAAAAAAAA=="));
  EXPECT_TRUE(is_valid_key("/+/+/+/+/+/+/+/+/+/+/w=="));
}

TEST(Handshake, OtherKeysAreRefused) {
  for (const char* key : {
           "",
           "dGhlIHNhbXBsZSBub25jZQ",     // not padded
           "dGhlIHNhbXBsZSBub25jZQ=",    // half padded
           "dGhlIHNhbXBsZSBub25j",       // 15 bytes
           "dGhlIHNhbXBsZSBub25jZWU=",   // 17 bytes
           "dGhlIHNhbXBsZSBub25jZWVl",   // 18 bytes, as long a text as 16 have
           "dGhlIHNhbXBsZSBub25jZR==",   // unused bits set
           "dGhlIHNhbXBsZSBub25jZ===",   // no such length
           "dGhlIHNhbXBsZSBub2_jZQ==",   // the URL alphabet
           " dGhlIHNhbXBsZSBub25jZQ==",  // white space
           "dGhlIHNhbXBs SBub25jZQ==",
           "dGhlIHNhbXBsZSBub25jZQ==AAAA",
       }) {
    EXPECT_FALSE(is_valid_key(key)) << key;
  }
}

TEST(Handshake, TakesTheFirstSubprotocolThatIsAToken) {
  EXPECT_EQ(first_subprotocol("my-app.v1"), "my-app.v1");
  EXPECT_EQ(first_subprotocol("chat, superchat"), "chat");
  EXPECT_EQ(first_subprotocol(" ,\t, two words, a/b, v2 ,v3"), "v2");
  EXPECT_EQ(first_subprotocol("!#$%&'*+-.^_`|~09azAZ"), "!#$%&'*+-.^_`|~09azAZ");
}

TEST(Handshake, TakesNoSubprotocolThatIsNoToken) {
  for (const char* list : {"", " ", ",,", "a b", "\"quoted\"", "a/b;c=d", "\xc3\xa9"}) {
    EXPECT_EQ(first_subprotocol(list), std::nullopt) << list;
  }
}

}  // namespace
}  // namespace heliograph::websocket
