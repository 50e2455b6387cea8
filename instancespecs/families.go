package instancespecs

// eciFamilies are the ECS families from which a spec may be searched for, with
// their generation: x86 families without GPU, local disks or bare metal that
// ECI is documented to accept (https://help.aliyun.com/document_detail/607899.html,
// https://help.aliyun.com/document_detail/475266.html). ARM families are left
// out, because all entries of one list must be of the same architecture. The
// families of generation 0 are accepted by older pages only
// (https://github.com/AlibabaCloudDocs/csk) or named in the documented default
// list of the reserve annotation (n1).
var eciFamilies = map[string]int{
	"ecs.g8i": 8, "ecs.c8i": 8, "ecs.r8i": 8, "ecs.hfg8i": 8, "ecs.hfc8i": 8, "ecs.hfr8i": 8,
	"ecs.g7": 7, "ecs.c7": 7, "ecs.r7": 7, "ecs.hfc7": 7, "ecs.hfg7": 7, "ecs.hfr7": 7, "ecs.g7ne": 7,
	"ecs.g6e": 6, "ecs.g6": 6, "ecs.c6e": 6, "ecs.c6": 6, "ecs.r6e": 6, "ecs.r6": 6, "ecs.hfc6": 6, "ecs.hfg6": 6,
	"ecs.t6": 6, "ecs.s6": 6,
	"ecs.u1": 5, "ecs.g5": 5, "ecs.g5ne": 5, "ecs.c5": 5, "ecs.r5": 5, "ecs.ic5": 5, "ecs.hfc5": 5, "ecs.hfg5": 5,
	"ecs.t5":    5,
	"ecs.sn2ne": 4, "ecs.sn1ne": 4, "ecs.se1ne": 4, "ecs.se1": 4,
	"ecs.c6a": 0, "ecs.xn4": 0, "ecs.n4": 0, "ecs.mn4": 0, "ecs.e4": 0, "ecs.n1": 0,
}

func generationOf(family string) int { return eciFamilies[family] }
