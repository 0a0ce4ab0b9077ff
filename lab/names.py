"""The names of the lab's people: what real feeds contain, not what systems expect."""

from __future__ import annotations

# Lists of words are split texts (noqa: SIM905): quotes around each would hide the names
FIRST = """Aaron Abigail Ada Adam Aiko Alan Alex Alice Amelia Amir Amy Ana Andrew Angela Anh
Anita Anthony Aria Arjun Aroha Ashley Ava Bella Ben Bianca Brian Bridget Caleb Carla Carmen
Charlotte Chen Chloe Claire Daisy Daniel David Deepa Diana Diego Dylan Elena Eli Ella Emily Emma
Eric Ethan Eva Farid Fatima Felix Fiona Flynn Freya Gabriel Gary Georgia Grace Hamish Hana Hannah
Harry Hassan Heidi Helen Henry Hugo Ian Imani Ines Irene Isaac Isla Ivan Jack Jacob James Jane
Jasmine Jason Jenny Jessica Joan Joel Jonah Jordan Joseph Josie Julia Kai Karen Kate Kavya Keira
Kenji Kiri Kofi Lachlan Lara Laura Leah Leo Liam Lily Linda Logan Lucas Lucy Luke Maia Mandla
Marco Maria Mark Martin Mary Matilda Maya Mei Mia Michael Mina Mohammed Nadia Natalie Nathan
Ngaire Nikhil Nina Noah Nora Oliver Olivia Omar Oscar Otis Paige Patrick Paul Peter Philip Phoebe
Priya Quinn Rachel Rangi Ravi Rebecca Riley Robert Rosa Ruby Ruth Ryan Sam Samira Sara Scott Sean
Selina Simon Sofia Stella Steven Sunita Tane Tara Theo Thomas Tia Tim Toby Tom Uma Victor Violet
Vivian Wei William Xavier Yara Yasmin Yuki Yusuf Zahra Zoe""".split()  # noqa: SIM905

LAST = """Adams Ahmed Allen Anderson Andrews Armstrong Atkinson Bailey Baker Banerjee Barnes
Barrett Bell Bennett Black Blake Bradley Brooks Brown Bruce Burns Butler Campbell Carter Chan
Chapman Chen Clark Clarke Cohen Cole Collins Cook Cooper Cox Craig Crawford Cruz Cunningham Das
Davidson Davies Davis Dawson Dixon Douglas Duncan Dunn Edwards Elliott Ellis Evans Faulkner
Fernandes Ferrari Fisher Fleming Fletcher Foster Fox Fraser Garcia Gardner George Gibson Gill
Gomez Gordon Graham Grant Gray Green Gupta Haines Hall Hamilton Harris Harrison Hart Harvey Hayes
Henderson Hill Hoang Holmes Howard Hughes Hunter Hussain Ibrahim Ito Jackson Jacobs James Jenkins
Johnson Johnston Jones Joshi Kaur Kelly Kennedy Khan Kim King Knight Kowalski Kumar Lam Lane
Lawson Lee Lewis Li Lim Lin Lopez Lowe MacDonald Mahuika Marshall Martin Martinez Mason Matthews
McKenzie Mehta Miller Mills Mitchell Moore Morgan Morris Murphy Murray Nair Nakamura Nelson Ngata
Nguyen Nixon Novak Okafor Oliver Osman Owen Palmer Park Parker Patel Pearson Pereira Perry Pham
Phillips Pillai Porter Powell Price Quinn Rahman Rao Reid Reynolds Rice Richards Roberts
Robertson Robinson Rogers Rose Ross Rossi Russell Ryan Santos Sato Saunders Schmidt Scott Shaw
Silva Simpson Singh Spencer Stewart Stone Sutherland Suzuki Tamihana Tan Tanaka Taylor Thomas
Thompson Tran Tui Turner Walker Wallace Walsh Wang Ward Watson Watts Webb White Williams Wilson
Wong Wood Wright Yamamoto Yang Young Zhang""".split()  # noqa: SIM905

# (first, last, preferred). A small company has names from the beginning of this list
SPECIAL = [
    ("Zoë", "Müller", None),  # diacritics
    ("Siobhán", "O'Connor", None),  # straight apostrophe
    ("Anne-Marie", "Smith-Jones", None),  # hyphens
    ("明", "王", "Ming"),  # CJK, with a preferred Latin name
    ("Дмитрий", "Иванов", None),  # Cyrillic
    ("فاطمة", "الزهراء", None),  # Arabic, written right to left
    ("Sukarno", "", None),  # one word
    ("Łukasz", "Żółć", None),  # letters that have no decomposition
    ("Björn", "Þórðarson", None),
    ("María José", "García-Márquez de la Cruz", "Pepa"),  # spaces inside
    ("Trần", "Thị Hương", None),  # letters with two diacritics
    ("Jürgen", "Groß", None),  # one letter becomes two
    ("D’Arcy", "Ó Súilleabháin", None),  # typographic apostrophe
    ("さくら", "山田", None),  # kana and kanji
    (
        "Maximiliana Wilhelmina Alexandrina Theodora Bartholomea Konstantina Philippa",
        "Featherstonehaugh-Cholmondeley-Majoribanks-Plunkett-Ernle-Erle-Drax-Tollemache",
        "Max",
    ),  # over AD's 64 letters
    ("Nikos", "Παπαδόπουλος", None),
    ("이서연", "", None),  # Hangul, one field for both names
    (" Kerry", "Blank ", None),  # spaces at the ends
    ("Chloe\u0301", "Dubois", None),  # decomposed: two code points that look like é
    ("Jean-Luc", "d'Aubigné", "JL"),
    ("X Æ", "Østergård", None),
    ("Madonna", "", "Madonna"),
    ("Bobby", "O'Tables; DROP", None),  # looks like an attack, is a name
    ("Renée", "Smith, PhD", None),  # a comma, which a DN must escape
]

MARRIED = """Abernathy Brightwater Castellanos Drăgulescu Everard-Hale Fitzgerald
Grünwald Hollingsworth Iyer Jankowski Kingsley Lindqvist MacAllister Nordström O'Reilly
Petrović""".split()  # noqa: SIM905
