/** What removes the listener again. */
export type Unsubscribe = () => void;

/** The typed event emitter under `Signal` and `Call`: `Events` maps names to what listeners get. */
export class Emitter<Events extends object> {
  readonly #listeners = new Map<keyof Events, Set<(event: never) => void>>();

  /** Calls `listener` at each such event, until the function that is returned is called. */
  on<Name extends keyof Events>(
    name: Name,
    listener: (event: Events[Name]) => void,
  ): Unsubscribe {
    const listeners = this.#listeners.get(name) ?? new Set();
    this.#listeners.set(name, listeners);
    const own = (event: Events[Name]): void => listener(event); // The same function may come twice.
    listeners.add(own);
    return () => void listeners.delete(own);
  }

  /** The next such event; of those only for which `accept` says yes, where it is given. */
  once<Name extends keyof Events>(
    name: Name,
    accept: (event: Events[Name]) => boolean = () => true,
  ): Promise<Events[Name]> {
    return new Promise((resolve) => {
      const off = this.on(name, (event) => {
        if (!accept(event)) return;
        off();
        resolve(event);
      });
    });
  }

  /** A listener that throws harms neither the others nor the sender; its error is reported. */
  protected emit<Name extends keyof Events>(name: Name, event: Events[Name]): void {
    for (const listener of [...(this.#listeners.get(name) ?? [])]) {
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
