import { mockServices } from '@backstage/backend-test-utils';
import { catalogServiceMock } from '@backstage/plugin-catalog-node/testUtils';
import { OwnedEntities } from './ownedEntities';

const cart = {
  apiVersion: 'backstage.io/v1alpha1',
  kind: 'Component',
  metadata: {
    name: 'cart',
    annotations: { 'backstage.io/kubernetes-id': 'cart' },
  },
  relations: [{ type: 'ownedBy', targetRef: 'group:default/shop' }],
};
const pod = {
  cluster: 'one',
  namespace: 'shop',
  labels: { 'backstage.io/kubernetes-id': 'cart' },
};

describe('OwnedEntities', () => {
  it('asks the catalog as the plugin, and again after half a minute', async () => {
    const auth = mockServices.auth();
    const catalog = catalogServiceMock({ entities: [cart] });
    const streamed = jest.spyOn(catalog, 'streamEntities');
    let now = 0;
    const owned = OwnedEntities.create({ catalog, auth, now: () => now });

    const [one, other] = await Promise.all([
      owned.ownership(),
      owned.ownership(),
    ]);
    expect(one.owners(pod)).toEqual(['group:default/shop']);
    expect(other).toBe(one);
    now = 29_999;
    await owned.ownership();
    expect(streamed).toHaveBeenCalledTimes(1);
    now = 30_000;
    await owned.ownership();
    expect(streamed).toHaveBeenCalledTimes(2);
    expect(streamed.mock.calls[0][1]).toEqual({
      credentials: await auth.getOwnServiceCredentials(),
    });
  });

  it('shows nothing while the catalog does not answer, and asks again', async () => {
    const catalog = catalogServiceMock({ entities: [cart] });
    const streamed = jest
      .spyOn(catalog, 'streamEntities')
      .mockImplementationOnce(() => {
        throw new Error('the catalog sleeps');
      });
    const owned = OwnedEntities.create({ catalog, auth: mockServices.auth() });
    await expect(owned.ownership()).rejects.toMatchObject({
      name: 'ServiceUnavailableError',
      message: expect.stringContaining('the catalog sleeps'),
    });
    await expect(owned.ownership()).resolves.toBeDefined();
    expect(streamed).toHaveBeenCalledTimes(2);
  });
});
