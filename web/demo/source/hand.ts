import type { Peer } from '@heliograph/client';
import { element, part } from './dom.js';
import { nameOf } from './names.js';
import { tellNews } from './news.js';
import { statusOf } from './status.js';
import { texts } from './texts/index.js';
import { onClick, type Visit } from './visit.js';

/** The control that raises and lowers one's own hand. */
export function bindHand(visit: Visit): void {
  const { status } = visit;
  const button = element('hand');
  const refresh = (): void => {
    button.classList.toggle('active', status.hand);
    part(button, 'span').textContent = status.hand ? texts.lowerHand : texts.raiseHand;
  };
  onClick(visit, button, () => (status.hand = !status.hand));
  status.on('change', refresh);
  refresh();
}

/** Announces raised hands. */
export function tellHands({ call }: Visit): void {
  const raised = new WeakSet<Peer>();
  call.on('status', ({ peer }) => {
    if (!statusOf(peer)?.hand) {
      raised.delete(peer);
    } else if (!raised.has(peer)) {
      raised.add(peer);
      tellNews(texts.raisesHand(nameOf(peer.info)));
    }
  });
}
