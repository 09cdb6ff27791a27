import { LoggerService } from '@backstage/backend-plugin-api';
import { parseEntityRef } from '@backstage/catalog-model';
import { toError } from '@backstage/errors';
import { NotificationService } from '@backstage/plugin-notifications-node';
import {
  IncidentChange,
  IncidentRecord,
  IncidentSeverity,
  StoredNode,
  Topology,
} from '@kubernetes-topology/engine';
import { EntityIndex } from '../documents/entityIndex';
import { Ownership } from '../permissions/ownedEntities';

/** In one minute, for all: when half of a data centre goes, one sentence is worth more than a thousand. */
const MOST_A_MINUTE = 20;
const MINUTE = 60_000;
/** Objects whose owners are told of one incident. */
const MOST_AFFECTED = 500;

const TOPIC = 'kubernetes-topology.incidents';

const SEVERITY: Readonly<
  Record<Exclude<IncidentSeverity, 'info'>, 'critical' | 'high'>
> = { critical: 'critical', warning: 'high' };

export interface IncidentNoticesOptions {
  notifications: Pick<NotificationService, 'send'>;
  topology: Pick<Topology, 'nodes'>;
  ownership: () => Promise<Pick<Ownership, 'owners'>>;
  entities: () => Promise<Pick<EntityIndex, 'ownerOf'>>;
  logger: LoggerService;
  now?: () => number;
}

/**
 * Tells the owners of affected catalog entities when an incident opens, and in the same notice when it is over: one
 * notice an incident. What serves as before (severity `info`) is for the tab alone.
 */
export class IncidentNotices {
  readonly #options: IncidentNoticesOptions;
  readonly #now: () => number;
  #sent: number[] = [];
  /** Whom a notice went to, to tell them of the end. */
  readonly #told = new Map<string, string[]>();
  #queue: Promise<void> = Promise.resolve();
  #hasFailed = false;

  constructor(options: IncidentNoticesOptions) {
    this.#options = options;
    this.#now = options.now ?? Date.now;
  }

  /** Resolves when all have been sent, or could not be. */
  tell(changes: readonly IncidentChange[]): Promise<void> {
    this.#queue = this.#queue.then(async () => {
      for (const { type, record } of changes) {
        if (type === 'opened') {
          await this.#opened(record);
        } else if (type === 'resolved') {
          await this.#resolved(record);
        }
      }
    });
    return this.#queue;
  }

  async #opened(record: IncidentRecord): Promise<void> {
    const { severity, root, summary, nextStep } = record.incident;
    if (severity === 'info' || !this.#mayTell()) {
      return;
    }
    const found = await this.#concerned(record);
    if (found.owners.length === 0) {
      return;
    }
    await this.#send(found.owners, {
      title: `${root.kind} ${root.name}: ${wordsOf(record.incident.fault)}`,
      description: `${summary}\n\n${nextStep}`,
      severity: SEVERITY[severity],
      scope: scopeOf(record),
      ...(found.link !== undefined && { link: found.link }),
    });
    this.#told.set(scopeOf(record), found.owners);
  }

  async #resolved(record: IncidentRecord): Promise<void> {
    const scope = scopeOf(record);
    const owners = this.#told.get(scope);
    if (!owners) {
      return;
    }
    this.#told.delete(scope);
    const { root, summary } = record.incident;
    await this.#send(owners, {
      title: `Resolved: ${root.kind} ${root.name}: ${wordsOf(
        record.incident.fault,
      )}`,
      description: summary,
      severity: 'low',
      scope,
    });
  }

  /** Whom the affected objects belong to, and where they see the incident. */
  async #concerned({
    incident,
  }: IncidentRecord): Promise<{ owners: string[]; link?: string }> {
    const { topology, ownership, entities, logger } = this.#options;
    try {
      const nodes = await topology.nodes(
        [incident.root, ...incident.affected]
          .slice(0, MOST_AFFECTED)
          .map(({ key }) => key),
      );
      const owned = await ownership();
      const owners = new Set(nodes.flatMap(node => owned.owners(node)));
      if (owners.size === 0) {
        return { owners: [] };
      }
      return {
        owners: [...owners],
        link: tabOf(await entities(), nodes, incident.root.key),
      };
    } catch (error) {
      logger.warn(
        'The owners of an incident are not known; nobody was notified',
        toError(error),
      );
      return { owners: [] };
    }
  }

  #mayTell(): boolean {
    const since = this.#now() - MINUTE;
    this.#sent = this.#sent.filter(at => at > since);
    if (this.#sent.length >= MOST_A_MINUTE) {
      this.#options.logger.warn(
        `More than ${MOST_A_MINUTE} incidents opened within a minute: their owners are not notified of all of them`,
      );
      return false;
    }
    this.#sent.push(this.#now());
    return true;
  }

  async #send(
    entityRef: string[],
    payload: {
      title: string;
      description: string;
      severity: 'critical' | 'high' | 'low';
      scope: string;
      link?: string;
    },
  ): Promise<void> {
    const { notifications, logger } = this.#options;
    try {
      await notifications.send({
        recipients: { type: 'entity', entityRef },
        payload: { ...payload, topic: TOPIC },
      });
      this.#hasFailed = false;
    } catch (error) {
      // A portal without notifications says so with each of them.
      if (!this.#hasFailed) {
        logger.warn(
          'Owners could not be notified of an incident: is the notifications plugin installed? kubernetesTopology.notifications: false turns them off',
          toError(error),
        );
      }
      this.#hasFailed = true;
    }
  }
}

function scopeOf({ incident, openedAt }: IncidentRecord): string {
  return `${incident.id}-${openedAt}`;
}

/** `MissingSecret` → `missing secret` */
function wordsOf(fault: string): string {
  return fault.replace(/([a-z])([A-Z])/g, '$1 $2').toLocaleLowerCase('en-US');
}

/** The tab of the first entity that has one of the objects, opened on the root. */
function tabOf(
  entities: Pick<EntityIndex, 'ownerOf'>,
  nodes: readonly StoredNode[],
  root: string,
): string | undefined {
  for (const node of nodes) {
    const entityRef = entities.ownerOf(node);
    if (entityRef !== undefined) {
      const { kind, namespace, name } = parseEntityRef(entityRef);
      const search = new URLSearchParams({ node: root });
      const path = `/catalog/${namespace}/${kind}/${name}/topology`;
      return `${path.toLocaleLowerCase('en-US')}?${search}`;
    }
  }
  return undefined;
}
