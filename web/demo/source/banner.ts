import type { SignalState } from '@heliograph/client';
import { element, showText } from './dom.js';
import type { Visit } from './visit.js';

const kTexts: Partial<Record<SignalState, string>> = {
  reconnecting: 'The connection to the server is lost. The call goes on. Reconnecting…',
  reset: 'Back at the server. Waiting to be let in again…',
};

const kOffline = 'This device is offline. Reconnecting as soon as there is a network…';

/** Says when the way to the server is interrupted, and for as long as it is. */
export function bindBanner({ signal, call, over }: Visit): void {
  const banner = element('banner');
  let isBack = false; // In the room again after a "reset".
  const refresh = (): void => {
    const text = isBack ? null : (kTexts[signal.state] ?? null);
    showText(banner, text && !navigator.onLine ? kOffline : text);
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
