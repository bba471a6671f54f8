// Holds what Heliograph spent against the targets of a row.

const PEERS = ['ws', 'uws'];

// The kinds of target. `references` are the servers that a figure is compared with: all of them
// must have one, since the cheapest of the others would be an easier target.
const KINDS = {
  ofBestPeer: {
    name: 'best peer',
    references: (servers) => servers.filter((id) => PEERS.includes(id)),
  },
  ofEcho: { name: 'echo', references: () => ['echo'] },
  ratio: { references: () => [] }, // the figure is a ratio already
  bytes: { unit: ' B', references: () => [] },
};

// One judgement for each target of `row`: { kind, name, unit, most, value, missing, outcome }.
// `missing` are the servers without a figure, `outcome` is "met", "missed" or "not judged".
export function judge({ servers, targets }, medians) {
  return Object.entries(targets).map(([kind, most]) => {
    const { name, unit = '', references } = KINDS[kind];
    const ids = references(servers);
    const missing = ['heliograph', ...ids].filter((id) => !(medians[id] > 0));
    if (missing.length > 0) return { kind, name, unit, most, missing, outcome: 'not judged' };
    const reference = ids.length > 0 ? Math.min(...ids.map((id) => medians[id])) : 1;
    const value = medians.heliograph / reference;
    return { kind, name, unit, most, value, missing, outcome: value <= most ? 'met' : 'missed' };
  });
}

// One verdict on the row: a missed target counts most, and one that could not be judged is not met.
// `titleOf` names a server.
export function verdictOf(judgements, titleOf) {
  const missed = judgements.filter(({ outcome }) => outcome === 'missed');
  if (missed.length > 0) {
    const names = missed.map(({ name }) => name).join(', ');
    return judgements.length > 1 ? `missed: ${names}` : 'missed';
  }
  const missing = new Set(judgements.flatMap((judgement) => judgement.missing));
  if (missing.size > 0) return `not judged: no figure of ${[...missing].map(titleOf).join(', ')}`;
  return 'met';
}
