import { stemmed } from './stem.ts';

/** Words that people use for one thing around computers; each line is one thing. */
const SAME = `
folder directory
photo picture image logo
picture screenshot snapshot capture
javascript js script
website site page url web
url https www address link
where find search locate look
accessibility a11y
print media
tab page window
open navigate load visit browse launch go goto
load read
reload refresh navigate
cache reload navigate
fix change edit modify update replace
rename move mv put transfer
attach add upload attachment
delete remove erase
press click hit tap push
button link element
slow performance speed fast profile trace
gps location geolocation position emulate
throttle emulate simulate network
add plus sum total
fake simulate pretend emulate mock
zip compress gzip archive
audio sound recording media
photo media
video screencast movie recording
popup alert dialog confirm prompt modal
dropdown select option choose pick
stat info metadata detail
cat show read view display print content
txt text document file
save write store create
http request network api traffic call
mouse hover pointer
css style
env environment variable
say message echo repeat
function script evaluate
title evaluate
form field input
memory heap
big size large
wait until pause sleep
finish stop end
begin start
quit close exit
second seconds time
mobile phone viewport emulate
login sign submit
allowed access permission
back previous
`
  .trim()
  .split('\n')
  .map((line) => line.split(' ').map(stemmed));

/** Marks a thing, which no word is. */
const MARK = '~';

export const isThing = (term: string): boolean => term.startsWith(MARK);

/** What a stem may stand for, as terms of an index. */
export const thingsOf = (stem: string): readonly string[] =>
  SAME.flatMap((group, at) => (group.includes(stem) ? [`${MARK}${at}`] : []));
