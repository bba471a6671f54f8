import { createLane, end } from './lane.js';
import type { Lane } from './lane.js';
import { kMostLanes } from './limits.js';

/** Every lane, by receiver. */
export interface Lanes {
  all_: () => Lane[];
  to_: (room: string, to: unknown) => Lane;
  /** Ends the lane to this peer; without `to` all lanes of the room, or all lanes. */
  end_: (error: Error, room?: string, to?: string) => void;
}

export function createLanes(): Lanes {
  const lanes = new Map<string, Lane>();

  const forgetIdle = (): void =>
    lanes.forEach(({ waiting_, underWay_ }, key) => {
      if (!waiting_.length && !underWay_.size) lanes.delete(key);
    });

  return {
    all_: () => [...lanes.values()],
    to_: (room, to) => {
      const key = JSON.stringify([room, to]);
      let lane = lanes.get(key);
      if (!lane) {
        if (lanes.size >= kMostLanes) forgetIdle();
        lanes.set(key, (lane = createLane(room, to)));
      }
      return lane;
    },
    end_: (error, room, to) =>
      lanes.forEach((lane, key) => {
        const isMeant = (room ?? lane.room_) === lane.room_ && (to ?? lane.to_) === lane.to_;
        if (!isMeant) return;
        lanes.delete(key);
        end(lane, error);
      }),
  };
}
