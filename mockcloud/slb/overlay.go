package slb

import "reflect"

// overlay copies into target every member that is given in source, a struct of
// the same type whose members are pointers. This is what Set actions do: what
// is not said stays as it is.
func overlay[T any](target *T, source T) {
	overlayStruct(reflect.ValueOf(target).Elem(), reflect.ValueOf(source))
}

func overlayStruct(target, source reflect.Value) {
	for i := range source.NumField() {
		switch from := source.Field(i); {
		case from.Kind() == reflect.Struct:
			overlayStruct(target.Field(i), from)
		case !from.IsNil():
			target.Field(i).Set(from)
		}
	}
}
