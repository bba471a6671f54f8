/** Removes the listener again. */
export type Unsubscribe = () => void;

/** A promise that one of the listeners settles which `listen` adds; they are removed then. */
export function settled<Value>(
  listen: (resolve: (value: Value) => void, reject: (error: unknown) => void) => Unsubscribe[],
): Promise<Value> {
  let offs: Unsubscribe[];
  return new Promise<Value>((resolve, reject) => {
    offs = listen(resolve, reject);
  }).finally(() => offs.forEach((off) => off()));
}

/** Calls a listener. If it throws, the error is reported as one that nobody caught. */
export const report = (call: () => void): void => {
  try {
    call();
  } catch (error) {
    queueMicrotask(() => {
      throw error;
    });
  }
};

/** The typed event emitter under `Signal` and `Call`: `Events` maps names to types of events. */
export class Emitter<Events extends object> {
  readonly #listeners = new Set<readonly [keyof Events, (event: never) => void]>();
  readonly #anyListeners = new Set<readonly [null, (name: string, event: unknown) => void]>();
  readonly #isKnown: (name: string) => boolean;

  /** `isKnown` says whether there are events of this name; without it, any name is allowed. */
  constructor(isKnown: (name: string) => boolean = () => true) {
    this.#isKnown = isKnown;
  }

  /** Calls `listener` at each such event. The returned function removes it. */
  on<Name extends keyof Events>(name: Name, listener: (event: Events[Name]) => void): Unsubscribe {
    if (!this.#isKnown(String(name))) throw new TypeError(`There is no event "${String(name)}"`);
    const entry = [name, listener] as const; // The same function may come twice.
    this.#listeners.add(entry);
    return () => this.#listeners.delete(entry);
  }

  /** Removes the listener; if it was added several times, one of them. */
  off<Name extends keyof Events>(name: Name, listener: (event: Events[Name]) => void): void {
    for (const entry of this.#listeners) {
      if (entry[0] !== name || entry[1] !== listener) continue;
      this.#listeners.delete(entry);
      return;
    }
  }

  /** The same as `off`: Node has this name for it. */
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

  /** Resolves to the next such event, or to the next one for which `accept` returns true. */
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

  /** If a listener throws, its error is reported, and the others are called all the same. */
  protected emit<Name extends keyof Events>(name: Name, event: Events[Name]): void {
    for (const [own, listener] of [...this.#listeners]) {
      if (own === name) report(() => (listener as (event: Events[Name]) => void)(event));
    }
    this.tellAll(String(name), event);
  }

  /** Calls the listeners of all events. */
  protected tellAll(name: string, event: unknown): void {
    for (const [, listener] of [...this.#anyListeners]) report(() => listener(name, event));
  }
}
