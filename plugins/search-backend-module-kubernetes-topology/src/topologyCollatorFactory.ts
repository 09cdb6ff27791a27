import { Readable } from 'node:stream';
import { AuthService, DiscoveryService } from '@backstage/backend-plugin-api';
import {
  DocumentCollatorFactory,
  IndexableDocument,
} from '@backstage/plugin-search-common';
import {
  TopologyClient,
  TopologyDocument,
  topologyReadPermission,
} from '@kubernetes-topology/plugin-kubernetes-topology-common';
import { documentLocation } from './documentLocation';

/** Objects that are read at a time; bounds memory at any size of landscape. */
const PAGE = 200;

/** One Kubernetes object in the portal's search index. */
export interface KubernetesResourceDocument
  extends IndexableDocument,
    TopologyDocument {
  /** The node's key: search asks the topology's backend whether the searcher may read it. */
  authorization: { resourceRef: string };
}

/** Streams the topology's objects into the search index, a page at a time. */
export class TopologyCollatorFactory implements DocumentCollatorFactory {
  readonly type = 'kubernetes-resource';
  readonly visibilityPermission = topologyReadPermission;
  readonly #auth: AuthService;
  readonly #client: TopologyClient;

  private constructor(auth: AuthService, client: TopologyClient) {
    this.#auth = auth;
    this.#client = client;
  }

  static create(options: {
    auth: AuthService;
    discovery: DiscoveryService;
  }): TopologyCollatorFactory {
    return new TopologyCollatorFactory(
      options.auth,
      new TopologyClient({ discoveryApi: options.discovery }),
    );
  }

  async getCollator(): Promise<Readable> {
    return Readable.from(this.#documents());
  }

  async *#documents(): AsyncGenerator<KubernetesResourceDocument> {
    let after: number | undefined;
    do {
      // Anew for each page: plugin tokens are short-lived, a large landscape is not indexed in one's time.
      const { token } = await this.#auth.getPluginRequestToken({
        onBehalfOf: await this.#auth.getOwnServiceCredentials(),
        targetPluginId: 'kubernetes-topology',
      });
      const page = await this.#client.documents(
        { after, limit: PAGE },
        { token },
      );
      for (const document of page.items) {
        yield {
          ...document,
          location: documentLocation(document),
          // On every document: search shows what has no reference to everybody.
          authorization: { resourceRef: document.key },
        };
      }
      after = page.next;
    } while (after !== undefined);
  }
}
