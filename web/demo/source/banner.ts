import type { SignalState } from '@heliograph/client';
import { element, showText } from './dom.js';
import { texts } from './texts/index.js';
import type { Visit } from './visit.js';

const kTexts: Partial<Record<SignalState, string>> = {
  reconnecting: texts.reconnectingServer,
  reset: texts.waitingAgain,
};

/** Shows a banner as long as the connection to the server is interrupted. */
export function bindBanner({ signal, call, over }: Visit): void {
  const banner = element('banner');
  let isBack = false; // In the room again after a "reset".
  const refresh = (): void => {
    const text = isBack ? null : (kTexts[signal.state] ?? null);
    showText(banner, text && !navigator.onLine ? texts.offline : text);
  };
  signal.on('state', () => {
    isBack = false;
    refresh();
  });
  signal.on('rejoin', ({ room }) => {
    isBack = room === call.room;
    refresh();
  });
  window.addEventListener('offline', refresh, { signal: over });
  window.addEventListener('online', refresh, { signal: over });
  over.addEventListener('abort', () => showText(banner, null));
  refresh();
}
