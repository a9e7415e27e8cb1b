"""The words of English that no rule gets right, each kind in one table."""

from __future__ import annotations

from coursewright.words.english.letters import table, words

PLURALS = table(
    """
    goose:geese man:men woman:women child:children person:people tooth:teeth foot:feet mouse:mice louse:lice ox:oxen
    die:dice penny:pennies phylum:phyla taxon:taxa protozoon:protozoa cumulonimbus:cumulonimbi criterion:criteria
    phenomenon:phenomena automaton:automata polyhedron:polyhedra tetrahedron:tetrahedra ganglion:ganglia
    bacterium:bacteria stratum:strata medium:media datum:data addendum:addenda erratum:errata curriculum:curricula
    memorandum:memoranda spectrum:spectra millennium:millennia maximum:maxima minimum:minima optimum:optima
    extremum:extrema symposium:symposia quantum:quanta ovum:ova consortium:consortia equilibrium:equilibria
    crematorium:crematoria desideratum:desiderata momentum:momenta continuum:continua nucleus:nuclei radius:radii
    stimulus:stimuli cactus:cacti fungus:fungi alumnus:alumni locus:loci focus:foci bacillus:bacilli gateau:gateaux
    bronchus:bronchi
    terminus:termini modulus:moduli calculus:calculi torus:tori cumulus:cumuli stratus:strati cirrus:cirri
    nimbus:nimbi colossus:colossi thesaurus:thesauri emeritus:emeriti genus:genera corpus:corpora
    index:indices matrix:matrices vertex:vertices appendix:appendices vortex:vortices codex:codices cortex:cortices
    helix:helices radix:radices simplex:simplices directrix:directrices dominatrix:dominatrices axis:axes
    testis:testes larva:larvae alga:algae vertebra:vertebrae nebula:nebulae formula:formulae alumna:alumnae
    antenna:antennae supernova:supernovae nova:novae lacuna:lacunae abscissa:abscissae bureau:bureaux
    château:châteaux chateau:châteaux gâteau:gâteaux tableau:tableaux beau:beaux milieu:milieux trousseau:trousseaux
    paparazzo:paparazzi graffito:graffiti libretto:libretti virtuoso:virtuosi kibbutz:kibbutzim cherub:cherubim
    seraph:seraphim schema:schemas stigma:stigmata dictum:dicta quiz:quizzes whiz:whizzes fez:fezzes bus:buses
    gas:gases yes:yeses plus:pluses minus:minuses ax:axes iris:irises pelvis:pelvises metropolis:metropolises
    trellis:trellises necropolis:necropolises clematis:clematises prix:prix is:are was:were has:have
    this:these that:those it:they he:they she:they him:them her:them his:their himself:themselves herself:themselves
    itself:themselves myself:ourselves yourself:yourselves i:we me:us my:our mine:ours does:do isn't:aren't
    wasn't:weren't hasn't:haven't doesn't:don't leaf:leaves loaf:loaves half:halves calf:calves self:selves
    shelf:shelves elf:elves wolf:wolves thief:thieves knife:knives life:lives wife:wives scarf:scarves hoof:hooves
    sheaf:sheaves wharf:wharves potato:potatoes tomato:tomatoes hero:heroes echo:echoes veto:vetoes
    torpedo:torpedoes cargo:cargoes mosquito:mosquitoes tornado:tornadoes volcano:volcanoes buffalo:buffaloes
    domino:dominoes mango:mangoes embargo:embargoes no:noes go:goes halo:haloes innuendo:innuendoes
    superhero:superheroes antihero:antiheroes desperado:desperadoes stomach:stomachs epoch:epochs loch:lochs
    eunuch:eunuchs tech:techs czech:Czechs bach:Bachs koch:Kochs psych:psychs mach:Machs pibroch:pibrochs
    triptych:triptychs standby:standbys stand-by:stand-bys lay-by:lay-bys layby:laybys flyby:flybys fly-by:fly-bys
    go-by:go-bys drive-by:drive-bys goodbye:goodbyes passerby:passersby cul-de-sac:culs-de-sac
    """
)

# Words that are one part of a longer one: grandchildren, midwives, bookshelves, salespeople
IN_COMPOUNDS = tuple(
    words("child person tooth foot knife wife leaf shelf wolf mouse index matrix woman half loaf calf potato")
)
NO_COMPOUNDS = words("mongoose overleaf behalf titmouse wildlife nightlife midlife lowlife webfoot bigfoot")

# One and many are the same
SAME = words(
    """
    sheep deer fish series species aircraft spacecraft hovercraft watercraft rotorcraft offspring salmon trout cod
    moose bison swine grouse plankton squid means headquarters crossroads barracks gallows innings corps chassis
    rendezvous bourgeois patois debris faux-pas biceps triceps forceps kudos mercedes data dice media equipment
    information furniture luggage baggage advice news weather traffic progress research knowledge evidence homework
    housework coursework teamwork legwork fieldwork paperwork music software hardware cattle police poultry
    livestock staff wildlife nightlife scenery machinery jewellery stationery cutlery clothing rubbish garbage litter
    rainfall snowfall sunshine thunder lightning hail humidity wheat rice maize barley petrol diesel electricity
    gymnastics athletics economics mathematics maths physics politics statistics billiards darts measles mumps
    rabies tennis rugby football cricket golf hockey cycling swimming rowing judo health peace luck stuff wealth
    poverty happiness courage patience unemployment terrorism tourism violence maintenance assistance personnel
    welfare agriculture privacy poetry footage jazz slavery nonsense propaganda aviation nutrition warfare
    navigation flour honesty freight prey pork chess badminton snooker lacrosse handball polo archery bacon mud dust
    dirt gravel rust uranium aluminium popcorn education accommodation permission applause fun trash laughter
    leisure literature oxygen hydrogen nitrogen helium safety shopping spaghetti tobacco underwear butter bread milk
    rain snow sleet fog drizzle mayhem havoc stamina sportsmanship ice money cash gravity scissors trousers shorts
    jeans glasses spectacles goggles binoculars tights pyjamas pliers tweezers tongs clothes thanks congratulations
    proceeds earnings savings surroundings outskirts premises whereabouts odds remains goods swiss british french
    english irish welsh scottish spanish dutch danish finnish swedish polish turkish cornish manx inuit maori sioux
    km kg cm mm ml mph kph km/h m/s kw kwh mw mwh gw hz khz mhz ghz hpa mb gb tb kb °c °f % pp lb oz ft mbps yen
    yuan renminbi baht rand won quid pence hertz kilohertz megahertz gigahertz lux siemens games olympics
    paralympics folks people men women children we they us them our their these those are were have do you your
    """
)

# Words in -s that are one thing; any other in small letters is taken for a plural already
ONE_IN_S = words(
    """
    bus gas lens bias atlas canvas alias pancreas yes chaos cosmos christmas summons rhinoceros asbestos omnibus
    minibus bathos pathos ethos logos albatros
    """
)

# Words in -man that are no men, so that there are Germans and humans
NOT_MEN = tuple(
    words(
        "human german roman norman shaman talisman ottoman caiman cayman brahman walkman hetman ataman pullman turkoman"
    )
)

# Beginnings of words in -man that are men although they have a capital, unlike the Newmans and Freemans
MEN = words(
    """
    police fire post chair sports bats lines fisher gentle french english irish scots welsh dutch cornish manx
    ulster yorkshire norse business sales spokes crafts work fore horse oars yachts marks front noble states alder
    clergy camera anchor country mid sea air infantry rifle guards hunts grounds milk snow strong trades tribes
    woods yeo lay mad hang fresh frog handy journey hench ombuds council congress assembly watch middle law gun hit
    con cave bar bin door drafts draughts dust boat ferry fields helms frontiers service space wo super iron bat
    """
)

# Ordinary words in -y, which a capital does not make names; there are Kennedys and Germanys, but Victories
COMMON_IN_Y = words(
    """
    academy agency ally allergy ambassy anomaly army assembly baby balcony battery beauty berry body boundary
    brewery bully butterfly candy category cavalry cemetery century ceremony charity cherry city colony comedy
    company conspiracy copy country county currency daisy deputy derby diary dictionary dairy directory discovery
    diversity duty dynasty economy embassy emergency enemy energy enquiry entry factory fairy family fantasy
    fatality ferry fly galaxy gallery glory grocery gypsy heresy history hobby industry injury inquiry jelly jersey
    jury lady laboratory legacy library lobby lorry lottery loyalty luxury lily majority melody memory military
    ministry minority monarchy monopoly municipality mystery nursery nationality navy novelty nobility opportunity
    orderly party pastry penalty penny philosophy policy pony poppy property prophecy proxy puppy quality quantity
    query rally recovery refinery registry remedy reply rivalry robbery ruby salary sanctuary secretary seminary
    sentry similarity sky society spy statuary story strategy strawberry study subsidy summary supply surgery
    symphony tally tapestry territory theory therapy tory tragedy treasury treaty trilogy trophy try university
    utility vacancy variety victory vocabulary worry anniversary adversary apology archery artery ascendancy
    autobiography biography bibliography bribery bureaucracy byelaw canopy casualty celebrity chemistry circuitry
    community constituency contemporary corollary courtesy cruelty custody delivery democracy deficiency dependency
    discrepancy dormitory eternity facility faculty festivity fury geometry hierarchy identity infantry inventory
    itinerary journey levy liability missionary mutiny necessity oddity ordinary parody pharmacy piracy primary
    priority probability publicity rarity reality revolutionary security seventy eighty ninety twenty thirty forty
    fifty sixty sovereignty specialty stability superiority survey tendency tributary turkey velocity accessory
    activity amenity beneficiary canary documentary duchy dignitary fancy frequency granary infirmary jealousy
    lavatory mercenary mortuary obituary observatory peony pinky quarry reliquary rotary solidarity stationary
    sundry tannery testimony toy trajectory tympany usury vanity visionary warranty
    """
)
SAFE_IN_Y = ("ility", "ality", "ivity", "ology", "onomy", "ency", "istry", "metry", "graphy", "erity", "unity", "osity")

# French in English: noun and adjective both change
FRENCH = {
    "bête noire": "bêtes noires", "fait accompli": "faits accomplis", "agent provocateur": "agents provocateurs",
    "éminence grise": "éminences grises", "femme fatale": "femmes fatales", "enfant terrible": "enfants terribles",
    "cause célèbre": "causes célèbres", "nouveau riche": "nouveaux riches",
}  # fmt: skip

# Titles whose noun stands in front
HEADS = words(
    "attorney governor secretary court poet solicitor director inspector notary heir knight professor president "
    "curriculum degree"
)
AFTER_HEADS = words(
    "general martial laureate public apparent presumptive errant emeritus elect designate vitae celsius fahrenheit"
)

# Verbs of which "es" is not the ending, or more than it
BASES = table(
    """
    focuses:focus refocuses:refocus biases:bias gases:gas canvases:canvas buses:bus quizzes:quiz tiptoes:tiptoe
    shoes:shoe hoes:hoe toes:toe canoes:canoe aches:ache caches:cache finesses:finesse axes:axe unties:untie
    belies:belie underlies:underlie gasses:gas overlies:overlie outvies:outvie
    """
)

PAST = table(
    """
    be:was is:was am:was are:were has:had does:did can:could will:would may:might shall:should must:had-to
    become:became befall:befell beget:begot begin:began behold:beheld beset:beset bear:bore beat:beat bend:bent
    beseech:besought bet:bet bid:bid bind:bound bite:bit bleed:bled blow:blew break:broke breed:bred bring:brought
    broadcast:broadcast build:built burst:burst bust:bust buy:bought cast:cast catch:caught choose:chose cling:clung
    come:came cost:cost creep:crept cut:cut deal:dealt dig:dug do:did draw:drew drink:drank drive:drove dwell:dwelt
    eat:ate fall:fell feed:fed feel:felt fight:fought find:found flee:fled fling:flung fly:flew forbid:forbade
    forecast:forecast forget:forgot forgive:forgave forgo:forwent forsake:forsook freeze:froze get:got give:gave
    go:went grind:ground grow:grew hang:hung have:had hear:heard hide:hid hit:hit hold:held hurt:hurt keep:kept
    kneel:knelt know:knew lay:laid lead:led leap:leapt leave:left lend:lent let:let lie:lay light:lit lose:lost
    make:made mean:meant meet:met pay:paid partake:partook put:put quit:quit read:read rid:rid rend:rent ride:rode
    ring:rang rise:rose arise:arose run:ran say:said see:saw seek:sought sell:sold send:sent set:set shake:shook
    shed:shed shine:shone shoot:shot show:showed shrink:shrank shut:shut sing:sang sink:sank sit:sat slay:slew
    sleep:slept slide:slid sling:slung slink:slunk slit:slit smite:smote speak:spoke speed:sped spend:spent
    spin:spun spit:spat split:split spread:spread spring:sprang stand:stood steal:stole stick:stuck sting:stung
    stink:stank stride:strode strike:struck string:strung strive:strove swear:swore sweep:swept swim:swam
    swing:swung take:took teach:taught tear:tore tell:told think:thought throw:threw thrust:thrust tread:trod
    understand:understood undergo:underwent undertake:undertook wake:woke awake:awoke wear:wore weave:wove weep:wept
    wed:wed wet:wet win:won wind:wound withdraw:withdrew withhold:withheld withstand:withstood wring:wrung
    write:wrote input:input offset:offset hamstring:hamstrung inset:inset typecast:typecast forego:forewent
    sightsee:sightsaw output:output telecast:telecast typeset:typeset proofread:proofread spellbind:spellbound
    babysit:babysat foresee:foresaw foretell:foretold relay:relayed lip-read:lip-read sublet:sublet miscast:miscast
    browbeat:browbeat cowrite:cowrote inlay:inlaid waylay:waylaid underlie:underlay ghostwrite:ghostwrote
    deep-freeze:deep-froze force-feed:force-fed spoon-feed:spoon-fed crossbreed:crossbred
    """
)

# What may stand before a verb that is in the table above: rebuild, outrun, undercut, overtake, mislead
PREFIXES = ("counter", "under", "inter", "over", "out", "mis", "pre", "re", "un", "up", "back")

# Verbs of two syllables that double their last letter, by stress or by British spelling
DOUBLED = words(
    """
    commit admit permit submit omit emit transmit remit recommit resubmit acquit prefer refer confer infer defer
    transfer occur recur incur concur deter inter aver regret rebut equip allot abet abhor debug debar disbar embed
    entrap format handicap kidnap worship program outwit sidestep overstep outstrip overlap eavesdrop airdrop zigzag
    unplug unzip unpin unwrap hobnob backpedal outfit retrofit refit recap replan remap replot sandbag humbug
    backdrop backlog unfit unsub nonplus leapfrog horsewhip overcrop bootleg catnap outgun unclog wiretap doorstop
    backslap backstop shortstop rewrap begin beget forget upset outcrop fulfil instil enrol extol distil annul
    """
)

# Vowels of two syllables before an l, which is doubled as in travelled
TWO_VOWELS_AND_L = ("fuel", "duel", "dial", "trial", "vial", "equal", "initial", "gruel", "cruel")
NEVER_DOUBLED = words("parallel unparallel")
# Doubled in American spelling too, since the stress is on them
STRESSED_L = tuple(
    words(
        """
        control compel expel repel dispel propel impel excel rebel patrol enrol extol
        annul fulfil instil distil cabal corral
        """
    )
)

# Abbreviations that are used as verbs
SHORT_VERBS = words("var dm sms pb ko tko ok dnf dns dnq dsq dq mc id pm cc bcc")

PARTICLES = words(
    """
    about across after against ahead along apart around aside at away back behind by clear down forth forward home
    in into level off on onto out over past round short through through to together under up with without
    """
)

ADVERBS = words(
    """
    almost nearly never always often also just only even still then soon first again twice once not now already
    quite rather barely hardly narrowly largely jointly well far yet thus hence later instead
    """
)
LIKE_ADVERBS = words(
    "rely apply reply supply comply imply multiply fly ally rally tally bully sully dally belly misapply"
)
