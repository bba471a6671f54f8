import { texts } from './texts/index.js';

/** Thrown when the server runs without its demo. */
export class DemoSwitchedOff extends Error {
  override readonly name = 'DemoSwitchedOff';
}

/**
 * Gets the app token that the server gives to this page. It is valid for an hour. The signal asks
 * for another one at every connection, and in time during a call.
 */
export async function loadToken(): Promise<string> {
  const response = await fetch('demo/config.json', { cache: 'no-store' });
  if (response.status === 404) {
    throw new DemoSwitchedOff(texts.switchedOff);
  }
  if (!response.ok) throw new Error(texts.answered(response.status));
  const { token } = (await response.json()) as { token: string };
  return token;
}
