import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { openStage, type Stage } from './stage.ts';

let stage: Stage;
beforeAll(async () => {
  stage = await openStage();
});
afterAll(() => stage.close());

const dragged = async (from: string, to: string | [number, number]) => {
  const ends = {
    from: await stage.ref(from),
    ...(typeof to === 'string' ? { to: await stage.ref(to) } : { by: to }),
  };
  const { code, text } = await stage.call('act', { steps: [{ action: 'drag', ...ends }] });
  return { code, text, log: await stage.read('log') };
};

const HTML_DRAG = (onOver: string): string => `
  <div id="a" draggable="true" style="width:100px;height:40px" ondragstart="event.dataTransfer.setData('text/plain', 'card 7')" ondragend="say('end', event.dataTransfer.dropEffect)">Card</div>
  <div id="b" style="width:200px;height:80px;margin-top:60px" ondragover="${onOver}" ondrop="event.preventDefault(); say('drop', event.dataTransfer.getData('text/plain'), event.isTrusted)">Bin</div>`;

test('what HTML lets be dragged is dropped with its data', async () => {
  await stage.show(HTML_DRAG('event.preventDefault()'));
  const { code, log } = await dragged('#a', '#b');
  expect({ code, log }).toEqual({ code: null, log: ['drop card 7 true', 'end copy'] });
});

test('a place that does not take it is told', async () => {
  await stage.show(HTML_DRAG(''));
  const { code, log } = await dragged('#a', '#b');
  expect(code).toBe('step_failed');
  expect(log).not.toContain('drop card 7 true');
});

describe('drags by the pointer', () => {
  test('a slider is moved', async () => {
    await stage.show('<input id="a" type="range" min="0" max="100" value="50" style="width:300px">');
    expect(await dragged('#a', [140, 0])).toMatchObject({ code: null });
    expect(Number(await stage.read('a.value'))).toBeGreaterThan(90);
  });

  test('a list that is sorted by the pointer gets its events in order', async () => {
    await stage.show(`<ul style="user-select:none"><li id="a">One<li>Two<li id="b">Three</ul><script>
      let held = null;
      a.onpointerdown = (e) => { held = a; a.setPointerCapture(e.pointerId) };
      a.onpointerup = (e) => { document.elementsFromPoint(e.clientX, e.clientY).find((x) => x.id === 'b')?.after(held); say('sorted') };
    </script>`);
    expect(await dragged('#a', '#b')).toMatchObject({ code: null, log: ['sorted'] });
    expect(await stage.read('document.querySelector("ul").innerText')).toMatch(/Two\s+Three\s+One/);
  });

  test('one that is covered is not begun', async () => {
    await stage.show(
      '<div id="a">Handle</div><div id="b">Here</div><div style="position:fixed;inset:0">Over</div>',
    );
    expect(await dragged('#a', '#b')).toMatchObject({ code: 'step_failed' });
  });

  test('no button stays down afterwards', async () => {
    await stage.show(
      `<div id="a">Handle</div><div id="b" style="margin-top:50px">Here</div><p onmousemove="say(event.buttons)">Rest</p>`,
    );
    await dragged('#a', '#b');
    await stage.call('act', { steps: [{ action: 'hover', ref: await stage.ref('p') }] });
    expect(await stage.read('[...new Set(log)]')).toEqual(['0']);
  });
});

test('what shows on hovering is there for the next step', async () => {
  await stage.show(
    `<style>nav button{display:none} nav:hover button{display:block}</style><nav><span>Menu</span><button onclick="say('item')">Item</button></nav>`,
  );
  const [span, button] = [await stage.ref('span'), await stage.ref('button')];
  expect(await stage.call('click', { ref: button })).toMatchObject({ code: 'not_visible' });
  const steps = [
    { action: 'hover', ref: span },
    { action: 'click', ref: button },
  ];
  expect(await stage.call('act', { steps })).toMatchObject({ code: null });
  expect(await stage.read('log')).toEqual(['item']);
});
