import { mockServices, startTestBackend } from '@backstage/backend-test-utils';
import { searchIndexRegistryExtensionPoint } from '@backstage/plugin-search-backend-node/alpha';
import searchModuleKubernetesTopologyCollator from '.';
import { collatorSchedule } from './collatorSchedule';

describe('searchModuleKubernetesTopologyCollator', () => {
  it('adds its collator to the search plugin', async () => {
    const addCollator = jest.fn();
    const backend = await startTestBackend({
      extensionPoints: [
        [
          searchIndexRegistryExtensionPoint,
          { addCollator, addDecorator: jest.fn() },
        ],
      ],
      features: [
        searchModuleKubernetesTopologyCollator,
        mockServices.rootConfig.factory({ data: {} }),
      ],
    });
    expect(addCollator).toHaveBeenCalledTimes(1);
    expect(addCollator.mock.calls[0][0]).toMatchObject({
      factory: { type: 'kubernetes-resource' },
      schedule: { run: expect.any(Function) },
    });
    await backend.stop();
  });

  it.each([
    [
      {},
      {
        frequency: { minutes: 10 },
        timeout: { minutes: 15 },
        initialDelay: { seconds: 3 },
      },
    ],
    [
      {
        search: {
          collators: {
            kubernetesTopology: {
              schedule: {
                frequency: { seconds: 20 },
                timeout: { minutes: 1 },
              },
            },
          },
        },
      },
      { frequency: { seconds: 20 }, timeout: { minutes: 1 } },
    ],
  ])('runs as configured: %j', (data, expected) => {
    expect(collatorSchedule(mockServices.rootConfig({ data }))).toMatchObject(
      expected,
    );
  });
});
