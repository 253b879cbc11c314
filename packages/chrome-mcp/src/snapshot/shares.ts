/** Shares a budget: who needs less than an equal share gets what it needs, the others what is left in equal parts. */
export function shares(needs: readonly number[], budget: number): readonly number[] {
  const given = needs.map(() => 0);
  let left = budget;
  const order = needs.map((need, at) => ({ need, at })).sort((a, b) => a.need - b.need);
  for (const [index, { need, at }] of order.entries()) {
    const share = Math.min(need, Math.floor(left / (order.length - index)));
    given[at] = share;
    left -= share;
  }
  return given;
}
