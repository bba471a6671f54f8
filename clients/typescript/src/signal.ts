import { Emitter } from './emitter.js';
import { createMemberships } from './memberships.js';
import { createRelays } from './relays.js';
import { createRequests } from './requests.js';
import { createSession } from './session.js';
import type { EmitOther, EmitSignal, Session } from './session.js';
import { createTickets } from './tickets.js';
import { isServerEvent } from './wire.js';
import { createSignalCommands } from './signal_commands.js';
import type { SignalCommands } from './signal_commands.js';
import type { OpenOptions, SignalEvents, SignalOptions, SignalState } from './signal_types.js';

const isSignalEvent = (name: string): boolean =>
  isServerEvent(name) || name === 'state' || name === 'rejoin';

/** Its commands are functions of its own: they may be taken off it. */
export interface Signal extends SignalCommands {}

/**
 * The connection to a Heliograph server: signs in, stays signed in, comes back when the network
 * does. Has a method for each command of the protocol and tells each event of the server under its
 * own name.
 */
export class Signal extends Emitter<SignalEvents> {
  /** The rooms you are in. */
  readonly rooms: ReadonlySet<string>;
  readonly #session: Session;

  /**
   * Where the server is: `https://signal.example.org`, or `https://example.org/rtc` if its
   * BASE_PATH is `/rtc`. Nothing happens before `open`. Throws a `SignalError` ("invalid-url") if
   * it is no such address.
   */
  constructor(url: string | URL, options: SignalOptions) {
    super(isSignalEvent);
    const emit: EmitSignal = (name, event) => this.emit(name, event);
    const emitOther: EmitOther = (name, event) => this.tellAll(name, event);
    const session = createSession(String(url), options, this, emit, emitOther);
    const requests = createRequests(session);
    const tickets = createTickets(String(url), session.token_, options.tickets);
    const relays = createRelays(session, requests, this);
    const memberships = createMemberships(
      session,
      requests,
      relays,
      this,
      emit,
      tickets,
      options.rejoin,
    );
    const { rooms_, commands_ } = memberships;
    this.rooms = rooms_;
    this.#session = session;
    Object.assign(this, createSignalCommands(session, requests, relays, commands_));
  }

  /** A signal that is open: the same as `new Signal(…)` and `open(…)`. */
  static async connect(url: string | URL, options: SignalOptions & OpenOptions): Promise<Signal> {
    const signal = new Signal(url, options);
    await signal.open(options);
    return signal;
  }

  /** How the connection is doing. */
  get state(): SignalState {
    return this.#session.state_();
  }

  /** Signed in at this moment. */
  get online(): boolean {
    return this.#session.isOnline_();
  }

  /** Your peer id; empty before the first connection. Another one after a "reset". */
  get id(): string {
    return this.#session.id_();
  }
}
