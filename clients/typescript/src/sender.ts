import type { Published } from './published.js';

/**
 * Makes the connection send what is published at the time. Each track goes out through a
 * transceiver of its own, which only sends: so it can be stopped, and its m-line used again,
 * without regard to what the other side sends.
 */
export function createSender(
  connection: RTCPeerConnection,
  published: Published,
): () => Promise<void> {
  const transceivers = new Map<string, RTCRtpTransceiver>();
  return async () => {
    const sent = new Set<string>();
    for (const { stream_: stream, tracks_: tracks, maxBitrate_ } of published.values()) {
      for (const [media, track] of tracks) {
        const key = `${stream.id} ${media}`;
        sent.add(key);
        let transceiver = transceivers.get(key);
        if (transceiver) {
          await transceiver.sender.replaceTrack(track);
        } else {
          const init: RTCRtpTransceiverInit = { direction: 'sendonly', streams: [stream] };
          transceiver = connection.addTransceiver(track ?? media, init);
          transceivers.set(key, transceiver);
        }
        if (media === 'video') await limit(transceiver.sender, maxBitrate_);
      }
    }
    for (const [key, transceiver] of transceivers) {
      if (sent.has(key)) continue;
      transceiver.stop();
      transceivers.delete(key);
    }
  };
}

async function limit(sender: RTCRtpSender, maxBitrate: number | undefined): Promise<void> {
  const parameters = sender.getParameters();
  const encoding = parameters.encodings[0]; // Firefox before 110 has none yet.
  if (!encoding || encoding.maxBitrate === maxBitrate) return;
  if (maxBitrate) encoding.maxBitrate = maxBitrate;
  else delete encoding.maxBitrate;
  await sender.setParameters(parameters);
}
