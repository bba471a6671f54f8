// Every wait of the tests goes through here: it ends with an event, or fails with a name.

const factor = Number(process.env.HELIOGRAPH_TEST_PATIENCE ?? 1);

/** Milliseconds until a wait counts as "it never came". A stall of 5 s does not. */
export const patience = 30_000 * factor;

/** The promise's outcome, or an error that names the expected event (a text, or a function). */
export async function within(promise, what, milliseconds = patience) {
  let timer;
  const expiry = new Promise((_, reject) => {
    timer = setTimeout(() => {
      const name = typeof what === 'function' ? what() : what;
      reject(new Error(`${name}: nothing within ${milliseconds} ms`));
    }, milliseconds);
    timer.unref(); // A wait that nobody is interested in any more does not keep the process alive.
  });
  try {
    return await Promise.race([promise, expiry]);
  } finally {
    clearTimeout(timer);
  }
}

/** Asks again and again until the answer is truthy, and returns it. For states without events. */
export async function eventually(ask, what, milliseconds = patience) {
  const end = Date.now() + milliseconds;
  for (;;) {
    const answer = await ask();
    if (answer) return answer;
    if (Date.now() > end) throw new Error(`${what}: still not so after ${milliseconds} ms`);
    await new Promise((resolve) => setTimeout(resolve, 20));
  }
}
