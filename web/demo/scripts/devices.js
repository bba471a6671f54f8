const names = { audio: 'microphone', video: 'camera' };

const toggleTexts = {
  audio: { on: 'Mute', off: 'Unmute' },
  video: { on: 'Stop camera', off: 'Start camera' },
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

/** Puts the device lists where the page wants them and keeps lists and toggles as `media` is. */
export function bindDevices(page, media) {
  const { content } = page.getElementById('device-fields');
  for (const place of page.querySelectorAll('[data-devices]'))
    place.append(content.cloneNode(true));
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
  const refresh = () => {
    for (const select of selects) fillSelect(select, media);
    for (const problem of problems) showProblem(problem, media);
    for (const button of toggles) showToggle(button, media);
  };
  media.addEventListener('change', refresh);
  refresh();
}
