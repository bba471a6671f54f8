import { element, part, show } from './dom.js';
import { texts } from './texts/index.js';

/** Shows the page on the whole screen, by a control. */
export function bindFullScreen(): void {
  const button = element('full-screen');
  const refresh = (): void => {
    const isFull = document.fullscreenElement !== null;
    button.classList.toggle('active', isFull);
    part(button, 'span').textContent = isFull ? texts.leaveFullScreen : texts.fullScreen;
  };
  const toggle = (): Promise<void> =>
    document.fullscreenElement
      ? document.exitFullscreen()
      : document.documentElement.requestFullscreen();
  button.addEventListener('click', () => void toggle().catch(() => {})); // Browsers may refuse.
  document.addEventListener('fullscreenchange', refresh);
  show(document.fullscreenEnabled ?? false, button); // Not on iPhones.
  refresh();
}
