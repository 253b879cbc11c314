import type { Pages } from '@deskhand/tests/browser/site';

const ROWS = 1_000;
export const FIELDS = 10;

const numbers = (count: number): readonly number[] => Array.from({ length: count }, (_, index) => index + 1);

const row = (n: number): string =>
  `<tr><td>${n}</td><td>Person ${n}</td><td>person${n}@example.org</td><td>${18 + (n % 60)}</td>` +
  `<td>City ${n % 97}</td><td><a href="#person-${n}">Open ${n}</a></td></tr>`;

const TABLE =
  '<title>Table</title><h1>People</h1><table><thead><tr><th>No</th><th>Name</th><th>Mail</th><th>Age</th>' +
  `<th>City</th><th>More</th></tr></thead><tbody>${numbers(ROWS).map(row).join('')}</tbody></table>`;

const inputs = numbers(FIELDS)
  .map((n) => `<p><label>Field ${n} <input name=f${n}></label></p>`)
  .join('');

const GROUP = (n: number): string => `<fieldset><legend>Group ${n}</legend>
<label>Street ${n} <input value="Street ${n}"></label> <label>Town ${n} <input></label>
<label>Size ${n} <select><option>Small<option>Large</select></label>
<label><input type=checkbox> Urgent ${n}</label> <label><input type=radio name=r${n}> First ${n}</label>
<label><input type=radio name=r${n}> Second ${n}</label> <label>Date ${n} <input type=date></label></fieldset>`;

/** 53 fields and a button that says what it got. */
const FORM = `<title>Form</title><h1>Order</h1><form onsubmit="return false">${inputs}
${numbers(6).map(GROUP).join('')}<label>Notes <textarea></textarea></label>
<button onclick="out.textContent = [...document.querySelectorAll('input[name^=f]')].map((one) => one.value)">Send</button>
</form><output id=out></output>`;

const CLICKS = `<title>Clicks</title><h1>Clicks</h1><button onclick="out.textContent = ++clicks">Count</button>
<p>Clicked <output id=out>0</output> times</p><script>let clicks = 0</script>`;

const CARD = (n: number): string =>
  `<section><h2>Card ${n}</h2><p>${'Lorem ipsum dolor sit amet, consectetur adipiscing elit. '.repeat(7)}</p>` +
  `<a href="#${n}">Read ${n}</a></section><hr>`;

/** Five megabytes of sections. */
const big = (): string => `<title>Big</title><main>${numbers(11_000).map(CARD).join('')}</main>`;

export const pages = (): Pages => ({ table: TABLE, form: FORM, clicks: CLICKS, big: big() });
