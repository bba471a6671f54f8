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

/** The typed event emitter under `Signal` and `Call`: `Events` maps names to what listeners get. */
export class Emitter<Events extends object> {
  readonly #listeners = new Set<readonly [keyof Events, (event: never) => void]>();

  /** Calls `listener` at each such event, until the function that is returned is called. */
  on<Name extends keyof Events>(
    name: Name,
    listener: (event: Events[Name]) => void,
  ): Unsubscribe {
    const entry = [name, listener] as const; // The same function may come twice.
    this.#listeners.add(entry);
    return () => this.#listeners.delete(entry);
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
      if (own !== name) continue;
      try {
        (listener as (event: Events[Name]) => void)(event);
      } catch (error) {
        queueMicrotask(() => {
          throw error;
        });
      }
    }
  }
}
