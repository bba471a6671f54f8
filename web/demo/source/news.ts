import { element } from './dom.js';

const kMilliseconds = 5000;
let timer: number | undefined;

/** Shows a short message for a while. Screen readers read it out. */
export function tellNews(text: string): void {
  const news = element('news');
  news.textContent = text;
  news.classList.add('shown');
  window.clearTimeout(timer);
  timer = window.setTimeout(() => news.classList.remove('shown'), kMilliseconds);
}
