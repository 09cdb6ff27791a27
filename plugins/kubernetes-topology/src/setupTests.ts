import '@testing-library/jest-dom';

// What React Flow asks of a browser and jsdom does not have (its documentation, "Testing").
class ResizeObserverStub implements ResizeObserver {
  readonly #callback: ResizeObserverCallback;

  constructor(callback: ResizeObserverCallback) {
    this.#callback = callback;
  }

  observe(target: Element) {
    this.#callback([{ target } as ResizeObserverEntry], this);
  }

  unobserve() {}

  disconnect() {}
}

class DOMMatrixReadOnlyStub {
  readonly m22: number;

  constructor(transform?: string) {
    const scale = transform?.match(/scale\(([\d.]+)\)/)?.[1];
    this.m22 = scale === undefined ? 1 : Number(scale);
  }
}

Object.assign(globalThis, {
  ResizeObserver: ResizeObserverStub,
  DOMMatrixReadOnly: DOMMatrixReadOnlyStub,
});

Object.defineProperties(HTMLElement.prototype, {
  offsetWidth: {
    get(this: HTMLElement) {
      return parseFloat(this.style.width) || 1200;
    },
  },
  offsetHeight: {
    get(this: HTMLElement) {
      return parseFloat(this.style.height) || 700;
    },
  },
});

Object.assign(SVGElement.prototype, {
  getBBox: () => ({ x: 0, y: 0, width: 0, height: 0 }),
});

window.CSS ??= {} as typeof CSS;
window.CSS.escape ??= (text: string) => text.replace(/["\\]/g, '\\$&');
