/** Thrown when the server runs without its demo. */
export class DemoSwitchedOff extends Error {
  name = 'DemoSwitchedOff';
}

/**
 * What the server hands to this page: `{token, iceServers}`, an app token of its own and the
 * RTCIceServer list. Asked for anew at every connection: both may change with the server's restart.
 */
export async function loadConfig() {
  const response = await fetch('/demo/config.json', { cache: 'no-store' });
  if (response.status === 404)
    throw new DemoSwitchedOff('The demo is switched off on this server.');
  if (!response.ok) throw new Error(`The server answered ${response.status} to /demo/config.json.`);
  return response.json();
}
