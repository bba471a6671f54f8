// What the browser keeps for the next visit: name and theme. Some browsers keep nothing.

const kPrefix = 'heliograph.';

export function recall(key: string): string | null {
  try {
    return window.localStorage.getItem(kPrefix + key);
  } catch {
    return null;
  }
}

export function remember(key: string, value: string | null): void {
  try {
    if (value === null) window.localStorage.removeItem(kPrefix + key);
    else window.localStorage.setItem(kPrefix + key, value);
  } catch {
    // Storage is switched off or full.
  }
}
