/** Word lists of the extractor. A rule proposes only what stands in a list or cannot be something else. */

const list = (text: string): string =>
  text
    .trim()
    .split(/\s*,\s*/)
    .join('|');

/** What somebody is for longer than a day. */
export const lasting = list(
  'vegetarian, vegan, pescatarian, left-handed, right-handed, ambidextrous, colou?r-?blind, married, divorced, widowed, single, engaged, retired, pregnant, unemployed, self-employed, dyslexic, autistic, deaf, blind, hard of hearing, diabetic, asthmatic, lactose[- ]intolerant, gluten[- ]intolerant, coeliac, celiac, bilingual, jewish, muslim, catholic, buddhist, hindu, atheist',
);

export const occupations = list(
  'teacher, nurse, doctor, lawyer, engineer, developer, programmer, designer, illustrator, architect, student, scientist, researcher, professor, writer, author, journalist, editor, translator, musician, composer, producer, singer, actor, actress, chef, cook, baker, waiter, waitress, farmer, gardener, electrician, plumber, carpenter, mechanic, driver, pilot, accountant, consultant, manager, analyst, economist, librarian, photographer, painter, artist, potter, therapist, psychologist, dentist, vet, veterinarian, pharmacist, paramedic, firefighter, soldier, police officer, social worker, civil servant, postdoc, historian, biologist, chemist, physicist, mathematician, statistician, surgeon, midwife, tailor, translator, tutor, coach, trainer, freelancer, entrepreneur, founder, shopkeeper, bookseller, pensioner, vegan, vegetarian, beekeeper, sailor, dancer, bricklayer, welder, hairdresser, florist, zookeeper, paralegal, solicitor, barrister, judge, priest, pastor, rabbi, imam, monk, nun',
);

export const relatives = list(
  'wife, husband, partner, girlfriend, boyfriend, fiancée?, sister, brother, twin, mother, father, mum, mom, dad, son, daughter, grandmother, grandfather, grandma, grandpa, aunt, uncle, cousin, niece, nephew, kids?, children, parents, sons, daughters, sisters, brothers, flatmate, roommate, neighbou?r',
);

export const pets = list(
  'dogs?, cats?, horses?, rabbits?, parrots?, hamsters?, guinea pigs?, tortoises?, chickens?, goats?, puppy, kitten',
);

/** Things of a person about which `my … is …` says something that stays. */
export const attributes = list(
  '(?:first |last |full |middle |nick)?name, pronouns, (?:native|first|second) language, mother tongue, time ?zone, shoe size, blood type, blood group, height, dress size, nationality, star sign, zodiac sign, editor of choice, browser of choice, (?:door|entry|gate) code, parking spot, licen[cs]e plate, home town, hometown, profession, occupation, religion',
);

export const possessions = list(
  'car, van, bike, bicycle, motorbike, boat, laptop, phone, computer, camera, keyboard, piano, guitar, printer',
);

/** What `I have …` owns for long. */
export const keepings = list(
  "child, children, kids?, sons?, daughters?, sisters?, brothers?, twins?, twin brother, twin sister, siblings?, grandchild, grandchildren, dogs?, cats?, horses?, rabbits?, parrots?, hamsters?, chickens?, goats?, bees, allotment, greenhouse, garden, boat, car, van, motorbike, cabin, phd, master's, bachelor's, degree, diabetes, asthma, epilepsy, arthritis, migraines, adhd, dyslexia, celiac disease, coeliac disease, pacemaker, piano",
);

export const languages = list(
  'english, german, french, spanish, portuguese, italian, dutch, danish, swedish, norwegian, finnish, icelandic, polish, czech, slovak, slovene, slovenian, croatian, serbian, bosnian, hungarian, romanian, bulgarian, greek, turkish, arabic, hebrew, persian, farsi, hindi, urdu, bengali, tamil, telugu, kannada, malayalam, punjabi, gujarati, marathi, chinese, mandarin, cantonese, japanese, korean, vietnamese, thai, indonesian, malay, tagalog, swahili, amharic, yoruba, zulu, afrikaans, russian, ukrainian, belarusian, lithuanian, latvian, estonian, catalan, basque, galician, irish, welsh, latin, esperanto, sign language',
);

export const instruments = list(
  'piano, guitar, violin, viola, cello, double bass, bass, drums, flute, clarinet, oboe, trumpet, trombone, saxophone, sax, harp, ukulele, banjo, mandolin, accordion, organ, harmonica, recorder',
);
export const games = list(
  'chess, go, bridge, poker, tennis, football, soccer, basketball, volleyball, handball, hockey, badminton, golf, rugby, cricket, baseball, squash, table tennis, dungeons and dragons, scrabble',
);

/** Subjects and skills that one learns over months. */
export const subjects = list(
  'architecture, biology, chemistry, physics, mathematics, maths, math, law, medicine, history, philosophy, psychology, economics, linguistics, geography, geology, astronomy, sociology, literature, engineering, computer science, statistics, nursing, theology, music, art, design, politics, journalism, photography, pottery, calligraphy, carpentry, rust, python, java, javascript, typescript, haskell, go, c\\+\\+, kotlin, swift, sql, knitting, sewing, drawing, painting, singing',
);

/** Verbs of habits, with nothing one only does once in a conversation. */
export const habits = list(
  'eat, drink, sleep, wake up, get up, go to bed, go to sleep, work out, exercise, run, jog, walk, cycle, swim, read, write, cook, bake, skip, plan, call, meet, play, practi[cs]e, meditate, listen, watch, travel, commute, drive, take, batch cook, shop, buy, wear, review, clean, garden, forget, procrastinate, stretch, journal, nap, start my day, work from, work late, have breakfast, have lunch, have dinner, water, study, revise, sing, paint, draw, pray, go swimming, go running, go hiking, go climbing, go for a walk, go for a run, smoke, vote, tip',
);
