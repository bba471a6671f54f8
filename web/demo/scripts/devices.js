const names = { audio: 'microphone', video: 'camera' };

const toggleTexts = {
  audio: { on: 'Mute', off: 'Unmute' },
  video: { on: 'Stop video', off: 'Start video' },
};

function fillSelect(select, media) {
  const { device: kind } = select.dataset;
  const options = media.devices[kind].map(({ id, label }) => new Option(label, id));
  select.replaceChildren(...options, new Option(`No ${names[kind]}`, ''));
  select.value = media.deviceId(kind) ?? '';
}

function showProblem(element, media) {
  const problem = media.problems[element.dataset.problem];
  element.hidden = !problem;
  element.textContent = problem ?? '';
}

function showToggle(button, media) {
  const kind = button.dataset.toggle;
  const on = kind === 'audio' ? media.state.microphone : media.state.camera;
  button.querySelector('span').textContent = toggleTexts[kind][on ? 'on' : 'off'];
  button.classList.toggle('off', !on);
}

function showPreview(preview, media) {
  const { camera } = media.state;
  const video = preview.querySelector('video');
  // Only with a camera: while the stream of a <video> stays empty, the page never ends to load.
  const stream = camera ? media.stream : null;
  if (video.srcObject !== stream) video.srcObject = stream; // The same again would flicker.
  preview.classList.toggle('without-video', !camera);
}

/** Puts the device lists where the page wants them and keeps all that shows `media` up to date. */
export function bindDevices(page, media) {
  const { content } = page.getElementById('device-fields');
  for (const place of page.querySelectorAll('[data-devices]')) {
    place.append(content.cloneNode(true));
  }
  const selects = page.querySelectorAll('select[data-device]');
  const problems = page.querySelectorAll('[data-problem]');
  const toggles = page.querySelectorAll('button[data-toggle]');
  for (const select of selects) {
    select.addEventListener('change', () =>
      media.choose(select.dataset.device, select.value || null),
    );
  }
  for (const button of toggles) {
    button.addEventListener('click', () => media.toggle(button.dataset.toggle));
  }
  const preview = page.getElementById('preview');
  const refresh = () => {
    showPreview(preview, media);
    for (const select of selects) fillSelect(select, media);
    for (const problem of problems) showProblem(problem, media);
    for (const button of toggles) showToggle(button, media);
  };
  media.addEventListener('change', refresh);
  refresh();
}
