// RFC 6455 frames as bytes: made as a client makes them (or breaks them), and read as a server
// sends them.

export const opcodes = { continuation: 0, text: 1, binary: 2, close: 8, ping: 9, pong: 10 };

const fixedMask = Buffer.from([0x37, 0xfa, 0x21, 0x3d]);

/**
 * One frame of a client. Each part can be made wrong: `masked: false` leaves the mask out,
 * `lengthBytes: 2 | 8` takes a longer length field than needed, `length` claims another length.
 */
export function frame({
  opcode,
  payload = '',
  fin = true,
  rsv = 0,
  masked = true,
  mask = fixedMask,
  lengthBytes,
  length,
}) {
  const content = Buffer.from(payload);
  const claimed = length ?? content.length;
  const lengthField = encodeLength(claimed, lengthBytes);
  const head = Buffer.concat([Buffer.from([(fin ? 0x80 : 0) | (rsv << 4) | opcode]), lengthField]);
  if (!masked) return Buffer.concat([head, content]);
  head[1] |= 0x80;
  const hidden = Buffer.allocUnsafe(content.length);
  for (let i = 0; i < content.length; i += 1) hidden[i] = content[i] ^ mask[i & 3];
  return Buffer.concat([head, mask, hidden]);
}

function encodeLength(length, lengthBytes) {
  const needed = length < 126 ? 0 : length < 65536 ? 2 : 8;
  const size = lengthBytes ?? needed;
  if (size === 0) return Buffer.from([length]);
  const field = Buffer.alloc(1 + size);
  field[0] = size === 2 ? 126 : 127;
  if (size === 2) field.writeUInt16BE(length, 1);
  else field.writeBigUInt64BE(BigInt(length), 1);
  return field;
}

/** The payload of a Close frame. */
export function closePayload(code, reason = '') {
  const payload = Buffer.alloc(2 + Buffer.byteLength(reason));
  payload.writeUInt16BE(code, 0);
  payload.write(reason, 2);
  return payload;
}

/** The frame at the start of these bytes and its size, or null while it is not all there. */
export function parseFrame(bytes) {
  if (bytes.length < 2) return null;
  const short = bytes[1] & 0x7f;
  const lengthBytes = short === 126 ? 2 : short === 127 ? 8 : 0;
  const masked = (bytes[1] & 0x80) !== 0;
  const start = 2 + lengthBytes + (masked ? 4 : 0);
  if (bytes.length < start) return null;
  const length =
    lengthBytes === 0
      ? short
      : lengthBytes === 2
        ? bytes.readUInt16BE(2)
        : Number(bytes.readBigUInt64BE(2));
  if (bytes.length < start + length) return null;
  const payload = Buffer.from(bytes.subarray(start, start + length));
  return {
    size: start + length,
    frame: {
      fin: (bytes[0] & 0x80) !== 0,
      rsv: (bytes[0] >> 4) & 7,
      opcode: bytes[0] & 15,
      masked,
      lengthBytes,
      payload,
    },
  };
}
