package world

import "slices"

// roomModel is a class of rooms as hotels sell them.
type roomModel struct {
	code, name, description string
	factor                  int // percent of the standard double's price
	share                   int // weight in the number of rooms
	standard, most          int // guests
	least                   int
}

// The first model of each list is for two and is always there.
var (
	modestRooms = []roomModel{
		{"DBL", "Double Room", "A comfortable room with a double bed and its own bathroom.", 100, 45, 2, 2, 1},
		{"SGL", "Single Room", "A quiet room with one bed, on the courtyard side.", 74, 15, 1, 1, 1},
		{"TWN", "Twin Room", "Two single beds that can be pushed together.", 100, 22, 2, 2, 1},
		{"TRP", "Triple Room", "A double and a single bed.", 132, 12, 2, 3, 1},
		{"FAM", "Family Room", "A double bed and bunks for the children.", 152, 9, 2, 4, 2},
	}
	fineRooms = []roomModel{
		{"SUP", "Superior Room", "A bright room with a king-size bed, a desk and a rain shower.", 100, 42, 2, 3, 1},
		{"TWN", "Superior Twin Room", "Two beds, a desk and a rain shower.", 100, 20, 2, 2, 1},
		{"DLX", "Deluxe Room", "More space, a sitting corner and the better view.", 126, 20, 2, 3, 1},
		{"FAM", "Family Room", "Two connected rooms with one bathroom.", 165, 8, 2, 4, 2},
		{"JSU", "Junior Suite", "A large room with a separate living area.", 182, 6, 2, 4, 1},
		{"STE", "Suite", "Bedroom and living room, a bathtub with daylight.", 268, 3, 2, 4, 1},
	}
	seaRooms = []roomModel{
		{"GDN", "Garden View Double", "A double room on the garden side with a terrace.", 100, 38, 2, 3, 1},
		{"SEA", "Sea View Double", "A double room with a balcony towards the water.", 124, 32, 2, 3, 1},
		{"FAM", "Family Room", "A double bed and a sofa bed, a short walk from the pool.", 148, 14, 2, 4, 2},
		{"BUN", "Beach Bungalow", "A house of its own a few steps from the sand.", 172, 10, 2, 4, 1},
		{"STE", "Sea View Suite", "Bedroom, living room and a wide terrace over the water.", 240, 4, 2, 4, 1},
	}
	alpineRooms = []roomModel{
		{"DBL", "Double Room", "Wooden floors, a double bed and a balcony.", 100, 40, 2, 3, 1},
		{"SGL", "Single Room", "A small room with one bed and a view of the valley.", 100, 10, 1, 1, 1},
		{"PAN", "Panorama Room", "A large balcony and the whole mountain range.", 118, 24, 2, 3, 1},
		{"FAM", "Family Suite", "Two bedrooms with a door between them.", 122, 14, 2, 5, 2},
		{"STE", "Pine Suite", "Stone pine panelling, a tiled stove and a living area.", 145, 6, 2, 4, 1},
	}
	flats = []roomModel{
		{"STU", "Studio", "One room with a kitchenette and a double bed.", 100, 45, 2, 2, 1},
		{"AP1", "One-Bedroom Apartment", "Bedroom, living room with a sofa bed and a kitchen.", 132, 35, 2, 4, 1},
		{"AP2", "Two-Bedroom Apartment", "Two bedrooms, a living room and a full kitchen.", 188, 20, 4, 6, 2},
	}
	hostelRooms = []roomModel{
		{"PRV", "Private Double", "A small double room with a shared bathroom.", 100, 20, 2, 2, 1},
		{"DM6", "Bed in 6-Bed Dormitory", "One bunk with a locker, a lamp and a curtain.", 44, 60, 1, 1, 1},
		{"QUA", "Private Quad", "Two bunk beds for friends or a family.", 165, 14, 4, 4, 2},
	}
	tatamiRooms = []roomModel{
		{"JPN", "Japanese Room", "Tatami, futons that are laid out in the evening, green tea.", 100, 42, 2, 4, 1},
		{"TWN", "Western Twin Room", "Two beds and a small sitting corner.", 96, 26, 2, 2, 1},
		{"JPG", "Japanese Room with Garden View", "Ten mats and a window on the garden.", 134, 18, 2, 4, 1},
		{"BTH", "Room with Open-Air Bath", "A private cypress bath on the veranda.", 192, 8, 2, 4, 1},
	}
	motelRooms = []roomModel{
		{"KNG", "King Room", "A king-size bed, parking in front of the door.", 100, 45, 2, 2, 1},
		{"QQN", "Double Queen Room", "Two queen-size beds.", 112, 45, 2, 4, 1},
	}
)

// roomModels is what kinds of rooms such a house has: always the standard one,
// then so many others as its size asks for.
func (h *house) roomModels() []roomModel {
	all := h.modelList()
	n := min(len(all), 2+h.rooms/25)
	if h.rooms < 6 {
		n = min(len(all), 2)
	}
	kept := slices.Clone(all[:1])
	for _, i := range h.dice.Perm(len(all) - 1)[:n-1] {
		kept = append(kept, all[i+1])
	}
	slices.SortFunc(kept, func(a, b roomModel) int { return a.factor - b.factor })
	return kept
}

func (h *house) modelList() []roomModel {
	switch {
	case h.property.Kind == "apartment":
		return flats
	case h.property.Kind == "hostel":
		return hostelRooms
	case h.property.Kind == "motel":
		return motelRooms
	case h.isRyokan():
		return tatamiRooms
	case h.perPerson:
		return alpineRooms
	case h.style == Sea && h.tier >= 3:
		return seaRooms
	case h.tier >= 4:
		return fineRooms
	default:
		return modestRooms
	}
}
