/** What removes the listener again. */
export type Unsubscribe = () => void;

/** A promise that is settled by what `listen` listens to, which ends then. */
export function settled<Value>(
  listen: (resolve: (value: Value) => void, reject: (error: unknown) => void) => Unsubscribe[],
): Promise<Value> {
  let offs: Unsubscribe[];
  return new Promise<Value>((resolve, reject) => {
    offs = listen(resolve, reject);
  }).finally(() => offs.forEach((off) => off()));
}

/** Calls a listener. What it throws is reported as an error that nobody caught. */
export const report = (call: () => void): void => {
  try {
    call();
  } catch (error) {
    queueMicrotask(() => {
      throw error;
    });
  }
};

/** The typed event emitter under `Signal` and `Call`: `Events` maps names to what listeners get. */
export class Emitter<Events extends object> {
  readonly #listeners = new Set<readonly [keyof Events, (event: never) => void]>();
  readonly #anyListeners = new Set<readonly [null, (name: string, event: unknown) => void]>();
  readonly #isKnown: (name: string) => boolean;

  /** `isKnown`: whether there are events of this name; without it any name is taken for one. */
  constructor(isKnown: (name: string) => boolean = () => true) {
    this.#isKnown = isKnown;
  }

  /** Calls `listener` at each such event, until the function that is returned is called. */
  on<Name extends keyof Events>(name: Name, listener: (event: Events[Name]) => void): Unsubscribe {
    if (!this.#isKnown(String(name))) throw new TypeError(`There is no event "${String(name)}"`);
    const entry = [name, listener] as const; // The same function may come twice.
    this.#listeners.add(entry);
    return () => this.#listeners.delete(entry);
  }

  /** The listener is not called any more; if it was added several times, once less. */
  off<Name extends keyof Events>(name: Name, listener: (event: Events[Name]) => void): void {
    for (const entry of this.#listeners) {
      if (entry[0] !== name || entry[1] !== listener) continue;
      this.#listeners.delete(entry);
      return;
    }
  }

  /** The same as `off`, as Node calls it. */
  removeListener<Name extends keyof Events>(
    name: Name,
    listener: (event: Events[Name]) => void,
  ): void {
    this.off(name, listener);
  }

  /** Calls `listener` at each event, whatever its name. */
  onAny(listener: (name: string, event: unknown) => void): Unsubscribe {
    const entry = [null, listener] as const;
    this.#anyListeners.add(entry);
    return () => this.#anyListeners.delete(entry);
  }

  /** The next such event; of those only for which `accept` says yes, where it is given. */
  once<Name extends keyof Events>(
    name: Name,
    accept?: (event: Events[Name]) => boolean,
  ): Promise<Events[Name]> {
    return settled((resolve) => [
      this.on(name, (event) => {
        if (accept?.(event) ?? true) resolve(event);
      }),
    ]);
  }

  /** A listener that throws harms neither the others nor the sender; its error is reported. */
  protected emit<Name extends keyof Events>(name: Name, event: Events[Name]): void {
    for (const [own, listener] of [...this.#listeners]) {
      if (own === name) report(() => (listener as (event: Events[Name]) => void)(event));
    }
    this.tellAll(String(name), event);
  }

  /** Tells those who want to hear of everything. */
  protected tellAll(name: string, event: unknown): void {
    for (const [, listener] of [...this.#anyListeners]) report(() => listener(name, event));
  }
}
