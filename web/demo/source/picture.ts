/** A button that takes the video into a small window above all others, and back. */
export function bindPicture(
  button: HTMLElement,
  video: HTMLVideoElement,
  show: (isOut: boolean) => void,
): void {
  const toggle = async (): Promise<void> => {
    if (document.pictureInPictureElement === video) await document.exitPictureInPicture();
    else await video.requestPictureInPicture();
  };
  button.addEventListener('click', () => void toggle().catch(() => {})); // Browsers may refuse.
  video.addEventListener('enterpictureinpicture', () => show(true));
  video.addEventListener('leavepictureinpicture', () => show(false));
}
