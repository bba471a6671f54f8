import { element } from './dom.js';

const kMilliseconds = 5000;
let timer: number | undefined;

/** Says something in passing: to be seen for a while, and read out by screen readers. */
export function tellNews(text: string): void {
  const news = element('news');
  news.textContent = text;
  news.classList.add('shown');
  window.clearTimeout(timer);
  timer = window.setTimeout(() => news.classList.remove('shown'), kMilliseconds);
}
