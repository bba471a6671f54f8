// The browser keeps the name and the theme for the next visit, and the present call for a reload.
// Some browsers keep nothing.

const kPrefix = 'heliograph.';

type Place = 'localStorage' | 'sessionStorage';

export function recall(key: string, place: Place = 'localStorage'): string | null {
  try {
    return window[place].getItem(kPrefix + key);
  } catch {
    return null;
  }
}

export function remember(key: string, value: string | null, place: Place = 'localStorage'): void {
  try {
    if (value === null) window[place].removeItem(kPrefix + key);
    else window[place].setItem(kPrefix + key, value);
  } catch {
    // Storage is switched off or full.
  }
}

/** The same of a value that lasts as long as this page's tab; null if none can be read. */
export function recallHere(key: string): unknown {
  try {
    return JSON.parse(recall(key, 'sessionStorage') ?? 'null') as unknown;
  } catch {
    return null;
  }
}

export function rememberHere(key: string, value: unknown): void {
  remember(key, value === null ? null : JSON.stringify(value), 'sessionStorage');
}
