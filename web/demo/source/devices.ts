import { element, part, showText } from './dom.js';
import { LevelMeter } from './level.js';
import type { Kind, Media } from './media.js';
import { tellNews } from './news.js';
import { bindSpeakerFields } from './speaker_fields.js';
import type { Speakers } from './speakers.js';
import { texts } from './texts/index.js';

const kNone = { audio: texts.noMicrophone, video: texts.noCamera };

const kToggles = {
  audio: { on: texts.mute, off: texts.unmute },
  video: { on: texts.stopVideo, off: texts.startVideo },
};

function fillSelect(select: HTMLSelectElement, media: Media): void {
  const kind = select.dataset['device'] as Kind;
  const options = media.devices[kind].map(({ id, label }) => new Option(label, id));
  select.replaceChildren(...options, new Option(kNone[kind], ''));
  select.value = media.deviceId(kind) ?? '';
  if (select.selectedIndex >= 0) return;
  select.prepend(new Option(media.track(kind)?.label, '?', true, true));
}

function showToggle(button: HTMLElement, media: Media): void {
  const kind = button.dataset['toggle'] as Kind;
  const isOn = media.isOn(kind);
  part(button, 'span').textContent = kToggles[kind][isOn ? 'on' : 'off'];
  button.classList.toggle('off', !isOn);
}

function previewText(media: Media): string {
  if (media.isOpening) return texts.waitingForDevices;
  return media.problems.video ?? texts.cameraIsOff;
}

function showPreview(preview: HTMLElement, media: Media): void {
  const hasCamera = media.isOn('video');
  const video = part(preview, 'video', HTMLVideoElement);
  // Only with a camera: while the stream of a <video> stays empty, the page never finishes loading.
  const stream = hasCamera ? media.stream : null;
  if (video.srcObject !== stream) video.srcObject = stream; // Setting the same again flickers.
  preview.classList.toggle('without-video', !hasCamera);
  part(preview, '#preview-text').textContent = previewText(media);
}

function bindLevel(media: Media): void {
  const bar = element('level');
  const meter = new LevelMeter((level) => {
    bar.style.setProperty('--level', level.toFixed(3));
    bar.setAttribute('aria-valuenow', String(Math.round(level * 100)));
  });
  let isShown = true;
  let heard: MediaStreamTrack | null = null;
  const refresh = (): void => {
    const track = isShown ? media.track('audio') : null;
    if (track === heard) return;
    heard = track;
    meter.listen(track);
  };
  media.on('change', refresh);
  // In a call nobody sees it, and it would only cost time.
  new ResizeObserver((entries) => {
    isShown = entries.some(({ contentRect }) => contentRect.width > 0);
    refresh();
  }).observe(bar);
}

function buildFields(): void {
  const { content } = element('device-fields', HTMLTemplateElement);
  for (const place of document.querySelectorAll('[data-devices]')) {
    place.append(content.cloneNode(true));
  }
}

/** Shows the reason of a failure. In a call there is no other place for it. */
async function toggle(media: Media, kind: Kind): Promise<void> {
  await media.toggle(kind);
  const problem = media.problems[kind];
  if (problem) tellNews(problem);
}

/** Binds everything on the page that shows or changes camera and microphone. */
export function bindDevices(media: Media, speakers: Speakers): void {
  buildFields();
  bindSpeakerFields(media, speakers);
  const selects = document.querySelectorAll<HTMLSelectElement>('select[data-device]');
  const problems = document.querySelectorAll<HTMLElement>('[data-problem]');
  const toggles = document.querySelectorAll<HTMLElement>('button[data-toggle]');
  for (const select of selects) {
    const kind = select.dataset['device'] as Kind;
    select.addEventListener('change', () => void media.choose(kind, select.value || null));
  }
  for (const button of toggles) {
    button.addEventListener('click', () => void toggle(media, button.dataset['toggle'] as Kind));
  }
  const refresh = (): void => {
    showPreview(element('preview'), media);
    for (const select of selects) fillSelect(select, media);
    for (const each of problems) {
      showText(each, media.problems[each.dataset['problem'] as Kind]);
    }
    for (const button of toggles) showToggle(button, media);
  };
  media.on('change', refresh);
  bindLevel(media);
  refresh();
}
