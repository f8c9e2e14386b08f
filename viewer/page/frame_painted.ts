/** What can wait until the picture that was just made is seen. */

/** Pages that are not in view paint nothing: they go on after so many milliseconds. */
const longestWait = 300;

/** Waits until the browser has painted what is drawn in the next frame. */
export function framePainted(): Promise<void> {
  return new Promise((resolve) => {
    const timer = setTimeout(resolve, longestWait);
    // What has its turn in the next frame draws in it; the frame after comes once that has been painted.
    requestAnimationFrame(() =>
      requestAnimationFrame(() => {
        clearTimeout(timer);
        resolve();
      })
    );
  });
}
