/**
 * Observer pool: the observers of one driver's places, each made when it is first wanted.
 *
 * What an observer has found it keeps, whoever asked: a pool may serve any number of traces.
 */
import type { Driver } from '../../actors/driver.ts';
import type { PlaceShape } from './place-kinds.ts';
import { PlaceObserver } from './place-observer.ts';
import type { SignRules } from './signs.ts';

export class ObserverPool {
  readonly driver: Driver;
  readonly #observers = new Map<string, PlaceObserver>();

  constructor(driver: Driver) {
    this.driver = driver;
  }

  observer(shape: PlaceShape, rules: SignRules): PlaceObserver {
    const key = `${shape.name} ${JSON.stringify(rules)}`;
    const known = this.#observers.get(key);
    if (known !== undefined) return known;
    const observer = new PlaceObserver(this.driver, shape, rules);
    this.#observers.set(key, observer);
    return observer;
  }

  /** Whether any has left out a state, of what it was asked for since this was asked last. */
  wasCut(): boolean {
    return [...this.#observers.values()].filter((observer) => observer.wasCut()).length > 0;
  }
}
