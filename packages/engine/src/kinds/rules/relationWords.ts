import { BitesAt, RelationClass } from '../relation';

/** Every word there is: a new one that is missing here does not compile. */
const CLASSES: Readonly<Record<RelationClass, true>> = {
  ownership: true,
  control: true,
  config: true,
  storage: true,
  routing: true,
  policy: true,
  scheduling: true,
  identity: true,
};
const BITES: Readonly<Record<BitesAt, true>> = {
  admission: true,
  schedule: true,
  start: true,
  run: true,
  scale: true,
  rollout: true,
  disrupt: true,
  delete: true,
};

export const RELATION_CLASSES = Object.keys(CLASSES) as RelationClass[];
export const BITES_AT = Object.keys(BITES) as BitesAt[];
