import { KindId } from './identity';
import { NodeKey } from './identity';
import { KindDefinition } from './kindDefinition';
import { Observed } from './observation';

/** Why a kind cannot be read; what refers to it is `unknown`, never `missing`. */
export type Unavailability = 'forbidden' | 'absent' | 'failing';

export type Change =
  | { type: 'upsert'; observed: Observed }
  | { type: 'remove'; key: NodeKey; uid?: string };

/**
 * What the cluster stage tells the graph stage, in order, per kind. A list is `listing`, `page`…, `listed`; after
 * `listed` every object of the kind that was on none of its pages is gone.
 */
export type KindUpdate =
  /** The kind is read from now on, by this definition; without one it is known and cannot be. */
  | { type: 'discovered'; kind: KindId; definition?: KindDefinition }
  | { type: 'listing'; kind: KindId }
  | {
      type: 'page';
      kind: KindId;
      observed: Observed[];
      /** How many objects are still to come, where the server says so. */
      remaining?: number;
    }
  | {
      type: 'listed';
      kind: KindId;
      resourceVersion: string;
      /** The namespaces in which the list is complete; default: everywhere. */
      within?: readonly string[];
      /** What it leaves out, and why. */
      message?: string;
    }
  | {
      type: 'changed';
      kind: KindId;
      changes: Change[];
      resourceVersion?: string;
    }
  | {
      type: 'unavailable';
      kind: KindId;
      why: Unavailability;
      message: string;
    };

/** Takes the updates of one cluster. Resolves when there is room for more: reading waits for it (back-pressure). */
export type KindUpdateSink = (update: KindUpdate) => Promise<void>;
