import { orIfFails } from './error.js';
import { hasEnded } from './published.js';
import type { Publication, Published } from './published.js';

// Long because its variables are the state (docs/decisions/client-size.md).
/**
 * Makes the connection send the published streams. Each track has a transceiver of its own that
 * only sends: it can be stopped, and its m-line can be used again, whatever the other side sends.
 */
export function createSender(
  connection: RTCPeerConnection,
  published: Published,
  codecs: readonly string[],
): () => Promise<void> {
  const transceivers = new Map<string, RTCRtpTransceiver>();

  const send = async (
    key: string,
    media: string,
    track: MediaStreamTrack | null,
    { stream_, maxBitrate_ }: Publication,
  ): Promise<void> => {
    let transceiver = transceivers.get(key);
    if (transceiver) {
      await transceiver.sender.replaceTrack(track);
    } else {
      const init: RTCRtpTransceiverInit = { direction: 'sendonly', streams: [stream_] };
      transceiver = connection.addTransceiver(track ?? media, init);
      prefer(transceiver, media, codecs);
      transceivers.set(key, transceiver);
    }
    if (media === 'video') await limit(transceiver.sender, maxBitrate_);
  };

  return async () => {
    const sent = new Set<string>();
    const errors: unknown[] = [];
    for (const publication of published.values()) {
      if (hasEnded(publication)) continue;
      for (const [media, track] of publication.tracks_) {
        const key = `${publication.stream_.id} ${media}`;
        sent.add(key);
        // The others are still sent.
        await send(key, media, track, publication).catch((error: unknown) => errors.push(error));
      }
    }
    for (const [key, transceiver] of transceivers) {
      if (sent.has(key)) continue;
      transceiver.stop();
      transceivers.delete(key);
    }
    if (errors.length) throw errors[0];
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

/**
 * Names these codecs first in the offer. The other side answers in the same order, and the first
 * one that both have is used. The others stay in the offer: for peers that know none of these, and
 * because some belong to the chosen one (rtx, red, ulpfec, flexfec).
 */
function prefer(transceiver: RTCRtpTransceiver, media: string, codecs: readonly string[]): void {
  const names = codecs.map((name) => name.toLowerCase());
  const rank = ({ mimeType }: { mimeType: string }): number => {
    const full = `/${mimeType.toLowerCase()}`; // Also "VP9", without "video/".
    return names.findIndex((name) => full.endsWith(`/${name}`)) + 1 || names.length + 1;
  };
  orIfFails(() => {
    const all = RTCRtpReceiver.getCapabilities(media)?.codecs ?? [];
    if (!all.some((codec) => rank(codec) <= names.length)) return;
    transceiver.setCodecPreferences(all.sort((one, other) => rank(one) - rank(other)));
  }); // An old browser cannot choose.
}
