/** The room that the address names, as `?room=…` or `#room=…`; empty for none. */
export function roomInAddress({ search, hash } = window.location): string {
  const name =
    new URLSearchParams(search).get('room') ?? new URLSearchParams(hash.slice(1)).get('room');
  return (name ?? '').trim();
}

/** The link to this room. */
export function linkTo(room: string): string {
  const link = new URL(window.location.pathname, window.location.href);
  link.searchParams.set('room', room);
  return link.href;
}
